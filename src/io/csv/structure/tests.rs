use super::*;

#[test]
fn the_first_of_some_bytes_is_found_wherever_it_is() {
    let mut text = vec![b'x'; 5 * BLOCK];
    let letters = [3, 63, 64, 130, 200, 255];
    letters.iter().for_each(|&at| text[at] = 0xE9);
    let mut structure = Structure::new(b',');
    structure.scan(&text, true).unwrap();
    for start in 0..=text.len() {
        for end in start..=text.len() {
            let expected = letters.into_iter().find(|at| (start..end).contains(at));
            let found = structure.first(|block| block.not_ascii, start, end);
            assert_eq!(found, expected, "{start}..{end}");
            assert_eq!(structure.first(|block| block.quotes, start, end), None);
        }
    }
}
