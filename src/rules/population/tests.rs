use super::*;
use crate::rules::ladder::{Categories, Places};

fn rows(text: &str) -> Vec<table_file::Row> {
    table_file::rows(text.as_bytes()).unwrap()
}

fn texts(texts: &[&str]) -> Vec<Box<[u8]>> {
    texts.iter().map(|text| text.as_bytes().into()).collect()
}

#[test]
fn tables_are_read_and_bad_ones_refused() {
    for (case, text, expected) in [
        ("places alone", "place;count\n75011;10\n75012;0\n", Ok(10.0)),
        (
            "all parts, other words, a count that is not whole",
            "Code postal,Sexe,Libellé,Âge,Effectif\n75011,1,x,30-34,1.5\n75011,2,x,95+,\"2,5\"\n",
            Ok(4.0),
        ),
        ("years", "lieu;birth_year;count\n75;1980-1984;7\n", Ok(7.0)),
        ("no place", "sex;count\nF;1\n", Err("`place`")),
        ("no count", "place;sex\n75011;F\n", Err("`count`")),
        (
            "negative",
            "place;count\n75011;-1\n",
            Err("row 2: the count"),
        ),
        (
            "unreadable",
            "place;count\n75011;1\n75012;many\n",
            Err("row 3: the count"),
        ),
        (
            "not finite",
            "place;count\n75011;inf\n",
            Err("row 2: the count"),
        ),
        (
            "no number",
            "place;count\n75011;\n",
            Err("row 2: the count"),
        ),
        ("empty", "place;count\n", Err("no rows")),
        (
            "a place twice",
            "place;count\n75011;1\n75011;2\n",
            Err("row 3: the same"),
        ),
        (
            "a sex twice",
            "place;sex;count\n75011;F;1\n75011;2;1\n",
            Err("row 3: the same"),
        ),
        (
            "overlapping ages",
            "place;age;count\n75011;30-34;1\n75011;34-40;2\n",
            Err("overlap"),
        ),
        (
            "a place in another",
            "place;count\n75011;1\n75;2\n",
            Err("lie in others"),
        ),
        (
            "a total",
            "place;sex;count\n75011;total;1\n",
            Err("row 2: expected a sex"),
        ),
        (
            "an age that is none",
            "place;age;count\n75011;old;1\n",
            Err("row 2: expected an age"),
        ),
        (
            "a place without name",
            "place;count\n;1\n",
            Err("row 2: it names no place"),
        ),
        (
            "ages and years",
            "place;age;birth_year;count\n75011;30;1990;1\n",
            Err("ages and years"),
        ),
        (
            "two columns of counts",
            "place;count;population\n75011;1;1\n",
            Err("column 3"),
        ),
    ] {
        let read = Table::new(&rows(text));
        let sum = |table: &Table| table.cells.persons.iter().flatten().sum::<f64>();
        match (read.as_ref().map(sum), expected) {
            (Ok(sum), Ok(expected)) => assert!((sum - expected).abs() < 1e-9, "{case}: {sum}"),
            (Err(why), Err(part)) => {
                assert!(why.contains(part), "{case}: {why}");
                assert!(!why.contains("75011"), "{case}: {why}");
            }
            (found, _) => panic!("{case}: {found:?}"),
        }
    }
    assert!(Table::new(&[]).is_err());
}

#[test]
fn labels_of_places_stand_for_those_that_they_hold() {
    let table = texts(&["75011", "75012", "69001"]);
    let all: Stands = vec![(0, 1.0), (1, 1.0), (2, 1.0)];
    let labels = [
        ("75012", vec![(1, 1.0)]),
        ("75 Paris", vec![(0, 1.0), (1, 1.0)]),
        ("75", vec![(0, 1.0), (1, 1.0)]),
        ("Auvergne-Rhône-Alpes", vec![(2, 1.0)]),
        ("690", vec![(2, 1.0)]),
        ("750**", vec![(0, 1.0), (1, 1.0)]),
        ("*", all.clone()),
        ("", all),
        ("13001", vec![]),
        ("Corse", vec![]),
    ];
    let named = texts(&labels.each_ref().map(|(label, _)| *label));
    let found = labels::places(&table, &named, &Places::usual());
    for ((label, expected), found) in labels.iter().zip(found) {
        assert_eq!(found, *expected, "{label}");
    }
}

#[test]
fn a_finer_place_is_a_share_of_the_tables() {
    let table = texts(&["75 Paris", "48 Lozère"]);
    let labels = texts(&["75011", "48250", "75 Paris", "Île-de-France", "77000"]);
    let found = labels::places(&table, &labels, &Categories);
    let people = |code: &str| f64::from(geography_of(code));
    // 48250 lies in two départements: most of its 852 people live in this one.
    assert_eq!(found[1].first().map(|(at, _)| *at), Some(1));
    let paris: f64 = (75_001..=75_020)
        .map(|code| people(&code.to_string()))
        .sum();
    let share = found[0].first().map_or(0.0, |(_, share)| *share);
    assert!((share - people("75011") / paris).abs() < 0.02, "{share}");
    assert_eq!(found[2], [(0, 1.0)]);
    // It holds what the table has of it.
    assert_eq!(found[3], [(0, 1.0)]);
    assert!(found[4].is_empty());
}

fn geography_of(code: &str) -> u32 {
    crate::rules::geography::lookup(code).map_or(0, |known| known.population)
}

#[test]
fn ages_and_years_are_shares_of_classes() {
    let ages = [(0, 4), (5, 9), (95, 109)];
    let years = [(1980, 1984), (1985, 1989)];
    for (label, expected) in [
        ("3", vec![(0, 0.2)]),
        ("0-4", vec![(0, 1.0)]),
        ("3-6", vec![(0, 0.4), (1, 0.4)]),
        ("<5", vec![(0, 1.0)]),
        ("95+", vec![(2, 1.0)]),
        ("*", vec![(0, 1.0), (1, 1.0), (2, 1.0)]),
        ("", vec![(0, 1.0), (1, 1.0), (2, 1.0)]),
        ("40", vec![]),
        ("young", vec![]),
    ] {
        assert_close(&labels::ages(&ages, &texts(&[label])), &expected, label);
    }
    for (label, expected) in [
        ("1984", vec![(0, 0.2)]),
        ("1980-1989", vec![(0, 1.0), (1, 1.0)]),
        ("1985-02", vec![(1, 28.0 / 1826.0)]),
        ("1985-07-23", vec![(1, 1.0 / 1826.0)]),
        ("23/07/1985", vec![(1, 1.0 / 1826.0)]),
        ("23/07/1995", vec![]),
        ("no date", vec![]),
    ] {
        assert_close(&labels::years(&years, &texts(&[label])), &expected, label);
    }
    // Where one begins at the end of another, that end is in neither twice.
    let joined = labels::ages(&ages, &texts(&["0-5", "5-10"]));
    assert_eq!(joined, [vec![(0, 1.0)], vec![(1, 1.0)]]);
}

fn assert_close(found: &[Stands], expected: &[(u32, f64)], label: &str) {
    let found = found.first().unwrap();
    let is_close = |(one, other): (&(u32, f64), &(u32, f64))| {
        one.0 == other.0 && (one.1 - other.1).abs() < 1e-9
    };
    let all = found.iter().zip(expected).all(is_close);
    assert!(all && found.len() == expected.len(), "{label}: {found:?}");
}

#[test]
fn a_told_column_must_be_in_the_table() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("p.csv"), "place;count\n75011;3\n").unwrap();
    let read = |columns: &[(Part, &str)]| {
        let columns = columns
            .iter()
            .map(|(part, name)| (*part, (*name).to_owned()));
        let source = PopulationSource {
            file: "p.csv".into(),
            columns: columns.collect(),
        };
        Population::read(folder.path(), &source).map(|(population, _)| population.has(Part::Sex))
    };
    assert_eq!(read(&[(Part::Place, "Code")]), Ok(false));
    assert!(read(&[(Part::Sex, "Sexe")]).unwrap_err().contains("`sex`"));
}

#[test]
fn the_table_that_is_built_in_has_the_inhabitants_of_postal_codes_and_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let read = |file: &str, columns: &[(Part, &str)]| {
        let columns = columns
            .iter()
            .map(|(part, name)| (*part, (*name).to_owned()));
        let source = PopulationSource {
            file: file.into(),
            columns: columns.collect(),
        };
        Population::read(folder.path(), &source)
    };
    let (population, file) = read("insee", &[]).unwrap();
    assert_eq!(file, None);
    assert!(population.has(Part::Place) && !population.has(Part::Sex));
    assert!(!population.has(Part::Age) && !population.has(Part::BirthYear));
    let places = &population.table.places;
    let people_in = |label: &[u8]| {
        let within = places.iter().zip(&population.cells().persons);
        let within = within.filter(|(place, _)| {
            &***place == label
                || super::labels::outer(place)
                    .iter()
                    .any(|outer| &**outer == label)
        });
        within
            .map(|(_, cells)| cells.iter().sum::<f64>())
            .sum::<f64>()
    };
    let own = |code: &str| f64::from(geography::lookup(code).unwrap().population);
    assert_eq!(people_in(b"75011"), own("75011"));
    assert!((2_000_000.0..2_300_000.0).contains(&people_in("75 Paris".as_bytes())));
    assert!((12e6..13e6).contains(&people_in("Île-de-France".as_bytes())));
    assert_eq!(population.sha256.len(), 64);
    // The name of the table is no file, and the file of that name none of the table.
    std::fs::write(folder.path().join("insee"), "place;count\n75011;3\n").unwrap();
    assert_eq!(
        read("insee", &[]).unwrap().0.cells().persons.len(),
        places.len()
    );
    let (population, file) = read("./insee", &[]).unwrap();
    assert_eq!(population.cells().persons, [[3.0]]);
    assert!(file.is_some());
    assert!(
        read("insee", &[(Part::Age, "Age")])
            .unwrap_err()
            .contains("`age`")
    );
}

#[test]
fn an_empty_table_is_told_as_one() {
    let folder = tempfile::tempdir().unwrap();
    for content in ["", " \n\n"] {
        std::fs::write(folder.path().join("p.csv"), content).unwrap();
        let source = PopulationSource {
            file: "p.csv".into(),
            columns: Vec::new(),
        };
        let why = Population::read(folder.path(), &source)
            .map(|_| ())
            .unwrap_err();
        assert!(why.ends_with("p.csv: it is empty"), "{why}");
    }
}
