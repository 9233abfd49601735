//! Classes counted a second time, from the rows of a file; and small tables with classes of all sizes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{Dice, Outcome, crm, run};

/// A table: its header and its rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
        let header = reader.headers().unwrap().iter().map(String::from).collect();
        let rows = reader
            .records()
            .map(|row| row.unwrap().iter().map(String::from).collect());
        Self {
            header,
            rows: rows.collect(),
        }
    }

    pub(crate) fn text(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.header).unwrap();
        for row in &self.rows {
            writer.write_record(row).unwrap();
        }
        String::from_utf8(writer.into_inner().unwrap()).unwrap()
    }

    pub(crate) fn column(&self, name: &str) -> usize {
        self.header
            .iter()
            .position(|column| column == name)
            .unwrap_or_else(|| panic!("no {name}"))
    }

    /// The rows of each class over these columns.
    pub(crate) fn classes(&self, columns: &[&str]) -> BTreeMap<Vec<&str>, Vec<&Vec<String>>> {
        let positions: Vec<usize> = columns.iter().map(|name| self.column(name)).collect();
        let mut classes: BTreeMap<Vec<&str>, Vec<&Vec<String>>> = BTreeMap::new();
        for row in &self.rows {
            let key = positions.iter().map(|&at| row[at].as_str()).collect();
            classes.entry(key).or_default().push(row);
        }
        classes
    }

    pub(crate) fn unique(&self, columns: &[&str]) -> u64 {
        self.classes(columns)
            .values()
            .filter(|rows| rows.len() == 1)
            .count() as u64
    }

    pub(crate) fn k(&self, columns: &[&str]) -> usize {
        self.classes(columns)
            .values()
            .map(Vec::len)
            .min()
            .unwrap_or(0)
    }
}

/// The columns that the built-in table calls quasi-identifying, by their names in the output.
pub(crate) const QUASI: [&str; 10] = [
    "metier",
    "sexe",
    "Annee_naissance",
    "enfant_conduite_accompagne",
    "Enfant(s)?",
    "formation",
    "type_vehicule",
    "est_rouge",
    "age_vehicule",
    "Code_postal",
];

pub(crate) const SENSITIVE: [&str; 3] = [
    "Tranche_revenus",
    "Tranche_valeur_residence_prin",
    "points_perdus",
];

pub(crate) fn json(outcome: &Outcome) -> Value {
    let value = serde_json::from_slice(&outcome.out).unwrap();
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/audited/audit.schema.json");
    let schema: Value = serde_json::from_slice(&fs::read(schema).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&value)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}\n{value:#}");
    value
}

#[track_caller]
pub(crate) fn audit(path: &Path, more: &[&str]) -> Value {
    let mut command = crm(["audit", path.to_str().unwrap(), "--format", "json"]);
    json(&run(command.args(more)).ended(0))
}

/// A table of `rows` rows whose values come from few, so that classes of all sizes come about.
pub(crate) fn small_table(rows: usize, dice: &mut Dice) -> Table {
    let header = ["town", "job", "age", "sex", "disease", "note"];
    let row = |dice: &mut Dice| {
        let town = ["75001", "75011", "07000", "48250", "94390", ""][dice.below(6)];
        let job = ["baker", "nurse", "say \"x\", y", "pilot"][dice.below(4)];
        let age = [18, 25, 31, 32, 33, 47, 62, 90][dice.below(8)].to_string();
        let sex = ["F", "M"][dice.below(2)];
        let disease = ["flu", "cold", "none"][dice.below(3)];
        [
            town,
            job,
            &age,
            sex,
            disease,
            &dice.below(1_000).to_string(),
        ]
        .map(String::from)
        .to_vec()
    };
    Table {
        header: header.map(String::from).to_vec(),
        rows: (0..rows).map(|_| row(dice)).collect(),
    }
}

pub(crate) const SMALL_RULES: &str = r#"
    version = 1
    index = ""
    [columns.town]
    rule = "postal_code"
    attribute = "quasi-identifying"
    [columns.job]
    rule = "keep"
    attribute = "quasi-identifying"
    [columns.age]
    rule = "keep"
    attribute = "quasi-identifying"
    [columns.sex]
    rule = "keep"
    attribute = "quasi-identifying"
    [columns.disease]
    rule = "keep"
    attribute = "sensitive"
    [columns.note]
    rule = "keep"
    attribute = "insensitive"
"#;

pub(crate) const SMALL_QUASI: [&str; 4] = ["town", "job", "age", "sex"];
