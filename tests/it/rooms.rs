//! The rooms of a wing (its files and folders one level down) do not import each other in a circle. A wing's one error
//! is left out: it knows the errors of all rooms, and all rooms return it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

type Module = Vec<String>;

/// The modules of `src/`, but for tests, and the code of each.
fn modules() -> BTreeMap<Module, String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeMap::new();
    collect(&source, &source, &mut found);
    found
}

fn collect(folder: &Path, source: &Path, into: &mut BTreeMap<Module, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, source, into);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let relative: PathBuf = path.strip_prefix(source).unwrap().with_extension("");
            let mut module: Module = relative
                .iter()
                .map(|part| part.to_str().unwrap().to_string())
                .collect();
            module.pop_if(|last| last == "mod");
            if !module.iter().any(|part| part == "tests") {
                let text = fs::read_to_string(&path).unwrap();
                into.insert(module, code(&text));
            }
        }
    }
}

/// A file without its comments and its tests.
fn code(text: &str) -> String {
    let own = text.split("#[cfg(test)]\nmod").next().unwrap_or_default();
    own.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .fold(String::new(), |code, line| code + line + "\n")
}

/// All paths that a tree of `use` names.
fn paths(tree: &str, before: &[String], into: &mut Vec<Vec<String>>) {
    let names = |text: &str| -> Vec<String> {
        let parts = text.split("::").map(|part| {
            let word = part.split_whitespace().next();
            word.unwrap_or_default().to_string()
        });
        let parts = parts.filter(|part| !part.is_empty());
        before.iter().cloned().chain(parts).collect()
    };
    let Some((head, inner)) = tree.split_once('{') else {
        into.push(names(tree));
        return;
    };
    let head = names(head);
    let (mut depth, mut start) = (0, 0);
    let inner = inner.trim_end().strip_suffix('}').unwrap_or(inner);
    for (at, sign) in inner.char_indices().chain([(inner.len(), ',')]) {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let branch = inner[start..at].trim();
                if !branch.is_empty() {
                    paths(branch, &head, into);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

/// What a module names: by `use`, and by paths in the code.
fn named(code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("use ") {
        let is_word = code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if !is_word && let Some((tree, _)) = code[at + 4..].split_once(';') {
            paths(tree, &[], &mut found);
        }
    }
    for root in ["crate::", "super::"] {
        for (at, _) in code.match_indices(root) {
            let rest = &code[at..];
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
            paths(&rest[..end.unwrap_or(rest.len())], &[], &mut found);
        }
    }
    found
}

/// The path from the root of the library on, if it is one.
fn absolute(
    path: &[String],
    module: &[String],
    modules: &BTreeMap<Module, String>,
) -> Option<Module> {
    let first = path.first()?;
    if first == "crate" {
        return Some(path[1..].to_vec());
    }
    let ups = path.iter().take_while(|part| *part == "super").count();
    let own = path.iter().take_while(|part| *part == "self").count();
    let base = &module[..module.len().checked_sub(ups)?];
    let full: Module = base.iter().chain(&path[ups.max(own)..]).cloned().collect();
    let child = [module, &path[..1]].concat();
    (ups + own > 0 || modules.contains_key(&child)).then_some(full)
}

/// The longest part of a path that is a module.
fn module_of(path: &[String], modules: &BTreeMap<Module, String>) -> Option<Module> {
    let lengths = (1..=path.len()).rev();
    let mut heads = lengths.map(|length| path[..length].to_vec());
    heads.find(|head| modules.contains_key(head))
}

/// Which rooms each room imports from.
fn imports(modules: &BTreeMap<Module, String>) -> BTreeMap<Module, BTreeSet<Module>> {
    let mut passed_on = BTreeMap::new();
    for (module, code) in modules {
        for line in code
            .split(';')
            .filter(|line| line.trim_start().starts_with("pub"))
        {
            for path in named(&format!("{line};")) {
                let full = absolute(&path, module, modules);
                let from = full.as_deref().and_then(|full| module_of(full, modules));
                if let (Some(name), Some(from)) = (path.last(), from) {
                    passed_on.insert(
                        [module.as_slice(), std::slice::from_ref(name)].concat(),
                        from,
                    );
                }
            }
        }
    }
    let mut found: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
    for (module, code) in modules {
        for path in named(code) {
            let Some(full) = absolute(&path, module, modules) else {
                continue;
            };
            let Some(mut other) = module_of(&full, modules) else {
                continue;
            };
            if let Some(from) = full
                .get(..=other.len())
                .and_then(|item| passed_on.get(item))
            {
                other = from.clone();
            }
            if let (Some(room), Some(other)) = (module.get(..2), other.get(..2))
                && room != other
                && room[0] == other[0]
                && room[1] != "error"
                && other[1] != "error"
            {
                found
                    .entry(room.to_vec())
                    .or_default()
                    .insert(other.to_vec());
            }
        }
    }
    found
}

/// Takes away rooms that import from none that is left, or that none imports, until there is no such room: what is
/// left stands in a circle, or between two.
fn circles(mut imports: BTreeMap<Module, BTreeSet<Module>>) -> Vec<String> {
    loop {
        let before = imports.len();
        let left: BTreeSet<Module> = imports.keys().cloned().collect();
        let named: BTreeSet<Module> = imports.values().flatten().cloned().collect();
        imports.retain(|room, others| named.contains(room) && !others.is_disjoint(&left));
        if imports.len() == before {
            break;
        }
    }
    let left: BTreeSet<Module> = imports.keys().cloned().collect();
    let pairs = imports.iter().flat_map(|(room, others)| {
        let others = others.iter().filter(|other| left.contains(*other));
        others.map(move |other| format!("{} imports {}", room.join("::"), other.join("::")))
    });
    pairs.collect()
}

#[test]
fn a_circle_is_found() {
    let module = |path: &str| -> Module { path.split("::").map(str::to_string).collect() };
    for (case, first, second, expected) in cases![
        "one way", "use crate::io::second::Name;", "", 0;
        "a circle", "use super::second::{Name, Other};", "fn f() { crate::io::first::g() }", 2;
        "by a name passed on", "use crate::io::{Third, Second};", "use super::first;", 2;
        "only in a comment", "use super::second::Name;", "// super::first::Name", 0;
        "only in tests", "use super::second::Name;", "#[cfg(test)]\nmod tests { use super::super::first::Name; }", 0;
    ] {
        let modules = BTreeMap::from([
            (module("io"), "pub use second::Second;\n".to_string()),
            (module("io::first"), code(first)),
            (module("io::second"), code(second)),
        ]);
        assert_eq!(circles(imports(&modules)).len(), expected, "{case}");
    }
}

#[test]
fn the_rooms_of_a_wing_import_in_one_direction() {
    let modules = modules();
    assert!(modules.len() > 400, "{}", modules.len());
    let found = circles(imports(&modules));
    assert!(found.is_empty(), "{}", found.join("\n"));
}
