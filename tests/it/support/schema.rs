//! Manifests, held against their schema.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// The schema of manifests.
pub(crate) fn schema() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/manifest.schema.json");
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// A manifest, which must be as its schema says.
#[track_caller]
pub(crate) fn manifest(text: &[u8]) -> Value {
    let manifest: Value = serde_json::from_slice(text).unwrap();
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&manifest)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}\n{manifest:#}");
    manifest
}
