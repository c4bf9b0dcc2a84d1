//! The committed OpenAPI document and the TypeScript made from it are what the code says.
//! `UPDATE_EXPECT=1` writes both.

use expect_test::expect_file;
use serde_json::{Map, Value};
use std::fmt::Write;

const HEAD: &str = "\
// Types of the HTTP interface, one per schema of the OpenAPI document. Written by a test of the
// web crate; change the Rust structs, not this file.
";

#[test]
fn the_document_is_the_committed_one() {
    let mut text = backlot_web::document().to_pretty_json().unwrap();
    text.push('\n');
    expect_file!["../../openapi.json"].assert_eq(&text);
}

#[test]
fn the_types_of_the_browser_are_made_from_it() {
    let document = serde_json::to_value(backlot_web::document()).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    expect_file!["../../../../../web/src/api.gen.ts"].assert_eq(&typescript(schemas));
}

#[test]
fn every_call_has_a_tag_and_an_answer() {
    let document = serde_json::to_value(backlot_web::document()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, call) in methods.as_object().unwrap() {
            assert!(call["tags"][0].is_string(), "{method} {path}");
            assert!(
                !call["responses"].as_object().unwrap().is_empty(),
                "{method} {path}"
            );
        }
    }
}

/// One interface per schema, by name.
fn typescript(schemas: &Map<String, Value>) -> String {
    let mut names: Vec<&String> = schemas.keys().collect();
    names.sort();
    let mut out = HEAD.to_owned();
    for name in names {
        let schema = &schemas[name];
        out.push('\n');
        comment(&mut out, "", schema);
        if schema.get("properties").is_some() {
            writeln!(out, "export interface {name} {{").unwrap();
            members(&mut out, schema);
            out.push_str("}\n");
        } else {
            writeln!(out, "export type {name} = {};", type_of(schema)).unwrap();
        }
    }
    out
}

fn members(out: &mut String, schema: &Value) {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    for (name, property) in schema["properties"].as_object().unwrap() {
        comment(out, "  ", property);
        let mark = if required.iter().any(|one| one == name) {
            ""
        } else {
            "?"
        };
        writeln!(out, "  {name}{mark}: {};", type_of(property)).unwrap();
    }
}

fn comment(out: &mut String, indent: &str, schema: &Value) {
    let Some(text) = schema["description"].as_str() else {
        return;
    };
    let words = text.replace("*/", "* /");
    let mut line = String::new();
    let mut lines = Vec::new();
    for word in words.split_whitespace() {
        if indent.len() + line.len() + word.len() > 88 {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    match lines.as_slice() {
        [one] => writeln!(out, "{indent}/** {one} */").unwrap(),
        many => {
            writeln!(out, "{indent}/**").unwrap();
            for line in many {
                writeln!(out, "{indent} * {line}").unwrap();
            }
            writeln!(out, "{indent} */").unwrap();
        }
    }
}

fn type_of(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap().to_owned();
    }
    if let Some(choices) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        // `null` last, as people write it.
        let mut names: Vec<String> = choices.iter().map(type_of).collect();
        names.sort_by_key(|name| name == "null");
        return names.join(" | ");
    }
    if let Some(values) = schema["enum"].as_array() {
        let texts: Vec<String> = values.iter().map(Value::to_string).collect();
        return texts.join(" | ");
    }
    match &schema["type"] {
        Value::Array(kinds) => {
            let one = |kind: &Value| {
                let mut alone = schema.clone();
                alone["type"] = kind.clone();
                type_of(&alone)
            };
            kinds.iter().map(one).collect::<Vec<_>>().join(" | ")
        }
        Value::String(kind) => match kind.as_str() {
            "string" => "string".to_owned(),
            "integer" | "number" => "number".to_owned(),
            "boolean" => "boolean".to_owned(),
            "null" => "null".to_owned(),
            "array" => {
                let item = type_of(&schema["items"]);
                if item.contains(' ') {
                    format!("({item})[]")
                } else {
                    format!("{item}[]")
                }
            }
            "object" if schema.get("additionalProperties").is_some() => {
                format!(
                    "Record<string, {}>",
                    type_of(&schema["additionalProperties"])
                )
            }
            _ => "unknown".to_owned(),
        },
        _ => "unknown".to_owned(),
    }
}
