//! Folding words of Western Europe without a look at the tables of Unicode.

/// The first character behind ASCII, and the first behind the letters that are held.
const FIRST: u32 = 0x80;
const END: u32 = 0x100;

/// What a way to fold words makes of each character up to U+00FF that becomes one of ASCII.
///
/// It must fold each character by itself, and ASCII by case alone.
#[derive(Debug)]
pub(crate) struct Latin([u8; (END - FIRST) as usize]);

impl Latin {
    /// The characters as `fold` folds them.
    pub(crate) fn new(fold: fn(&str) -> String) -> Self {
        let mut folded = [0; (END - FIRST) as usize];
        let characters = (FIRST..END).filter_map(char::from_u32);
        for (held, character) in folded.iter_mut().zip(characters) {
            if let [one] = fold(character.encode_utf8(&mut [0; 4])).as_bytes()
                && one.is_ascii()
            {
                *held = *one;
            }
        }
        Self(folded)
    }

    /// What a character behind ASCII becomes; nothing if that is not one of ASCII.
    #[inline]
    pub(crate) fn letter(&self, character: char) -> Option<u8> {
        let place = u32::from(character).checked_sub(FIRST)?;
        let folded = self.0.get(place as usize).copied();
        folded.filter(|folded| *folded != 0)
    }

    /// The folded word in `room`; nothing if it has another character, or does not fit.
    #[inline]
    pub(crate) fn fold<'r>(&self, word: &str, room: &'r mut [u8]) -> Option<&'r [u8]> {
        let mut length = 0;
        if word.is_ascii() {
            length = word.len();
            let room = room.get_mut(..length)?;
            room.copy_from_slice(word.as_bytes());
            room.make_ascii_lowercase();
        } else {
            for character in word.chars() {
                let folded = match u32::from(character).checked_sub(FIRST) {
                    None => (character as u8).to_ascii_lowercase(),
                    Some(_) => self.letter(character)?,
                };
                *room.get_mut(length)? = folded;
                length += 1;
            }
        }
        room.get(..length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_as_they_are_without_the_table() {
        let fold = |word: &str| {
            word.to_lowercase()
                .replace(['é', 'è'], "e")
                .replace('ß', "ss")
        };
        let latin = Latin::new(fold);
        for (word, expected) in [
            ("Élève", Some("eleve")),
            ("JEAN-luc", Some("jean-luc")),
            ("", Some("")),
            ("Straße", None),
            ("Œuvre", None),
            ("ça", None),
            ("beaucoup trop long", None),
        ] {
            let mut room = [0; 8];
            let folded = latin.fold(word, &mut room);
            assert_eq!(folded, expected.map(str::as_bytes), "{word}");
            assert!(folded.is_none_or(|folded| folded == fold(word).as_bytes()));
        }
    }
}
