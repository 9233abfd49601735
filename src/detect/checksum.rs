//! The checksums that several kinds share.

/// Whether the last digit fits the others by Luhn's formula (ISO/IEC 7812-1, annex B).
pub(super) fn luhn(digits: &[u8]) -> bool {
    luhn_sum(digits).is_multiple_of(10)
}

fn luhn_sum(digits: &[u8]) -> u32 {
    let mut sum = 0;
    for (place, digit) in digits.iter().rev().enumerate() {
        let digit = u32::from(digit.wrapping_sub(b'0'));
        sum += match place % 2 {
            0 => digit,
            _ if digit > 4 => 2 * digit - 9,
            _ => 2 * digit,
        };
    }
    sum
}

/// The rest by 97 of the number that the characters write, letters standing for 10 to 35
/// (ISO/IEC 7064, MOD 97-10). Continue with the rest of what came before.
pub(super) fn modulo_97(before: u32, characters: &[u8]) -> u32 {
    characters.iter().fold(before, |rest, character| {
        let value = char::from(*character).to_digit(36).unwrap_or_default();
        (rest * if value > 9 { 100 } else { 10 } + value) % 97
    })
}

/// Whether the last of 13 digits fits the others by the formula for codes of goods (ISO/IEC 15420).
pub(super) fn ean_13(digits: &[u8]) -> bool {
    let weights = [1, 3].into_iter().cycle();
    let weighted = digits.iter().zip(weights);
    let sum: u32 = weighted
        .map(|(digit, weight)| u32::from(digit.wrapping_sub(b'0')) * weight)
        .sum();
    digits.len() == 13 && sum.is_multiple_of(10)
}

/// The check digit by Verhoeff's formula: the group of rotations and reflections of a pentagon.
pub(super) fn verhoeff(digits: &[u8]) -> Option<u8> {
    const PERMUTATION: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let mut sum = 0;
    for (place, digit) in digits.iter().rev().enumerate() {
        let mut moved = digit.checked_sub(b'0')?;
        for _ in 0..(place + 1) % 8 {
            moved = *PERMUTATION.get(usize::from(moved))?;
        }
        sum = product(sum, moved);
    }
    // Rotations have an opposite; reflections are their own.
    let inverse = if sum < 5 { (5 - sum) % 5 } else { sum };
    Some(b'0' + inverse)
}

/// Two elements of the group: rotations are 0 to 4, reflections 5 to 9.
fn product(a: u8, b: u8) -> u8 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_numbers_pass_and_their_neighbours_do_not() {
        for number in ["79927398713", "4539578763621486", "732829320"] {
            assert!(luhn(number.as_bytes()), "{number}");
            let (body, last) = number.split_at(number.len() - 1);
            for other in ('0'..='9').filter(|digit| !last.contains(*digit)) {
                assert!(!luhn(format!("{body}{other}").as_bytes()), "{body}{other}");
            }
        }
    }

    #[test]
    fn the_rest_by_97_is_that_of_the_whole_number() {
        let number = 255_081_416_802_538_u64;
        assert_eq!(
            u64::from(modulo_97(0, number.to_string().as_bytes())),
            number % 97
        );
        assert_eq!(modulo_97(0, b"GB82"), 161_182 % 97);
        assert_eq!(modulo_97(modulo_97(0, b"25"), b"5081"), 255_081 % 97);
    }

    #[test]
    fn check_digits_of_goods_and_of_verhoeff() {
        assert!(ean_13(b"4006381333931") && ean_13(b"7569217076985"));
        assert!(!ean_13(b"4006381333932") && !ean_13(b"400638133393"));
        for (number, check) in [
            ("236", b'3'),
            ("12345", b'1'),
            ("142857", b'0'),
            ("123456789012", b'0'),
        ] {
            assert_eq!(verhoeff(number.as_bytes()), Some(check), "{number}");
        }
    }
}
