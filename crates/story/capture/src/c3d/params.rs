//! The parameter section: named groups of typed arrays.
//!
//! Records form a chain (each says where the next begins); the announced count of blocks is not
//! trusted. Memory follows the bytes that are there. Source: C3D User Guide, "Parameter records".

use super::bytes::Reader;
use super::error::{C3dError, C3dReason, ParameterFault};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const MAX_PARAMETERS: usize = 20_000;

/// Values of one parameter, flattened, first dimension fastest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterValues {
    /// Trailing blanks cut; one entry per string.
    Text(Vec<String>),
    Byte(Vec<u8>),
    Integer(Vec<i16>),
    Real(Vec<f32>),
}

/// One parameter of a C3D file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Upper case.
    pub group: String,
    /// Upper case.
    pub name: String,
    pub description: String,
    /// Up to seven; empty for a single value.
    pub dimensions: Vec<u8>,
    pub values: ParameterValues,
}

/// All parameters, in file order.
pub(super) struct Parameters {
    pub list: Vec<Parameter>,
    index: BTreeMap<(String, String), usize>,
}

impl Parameters {
    pub fn get(&self, group: &str, name: &str) -> Option<&Parameter> {
        let key = (group.to_owned(), name.to_owned());
        self.index.get(&key).map(|place| &self.list[*place])
    }

    /// `NAME`, `NAME2`, `NAME3` … as they continue each other past 255 entries.
    fn chain(&self, group: &str, name: &str) -> impl Iterator<Item = &Parameter> {
        let later = (2..=256).map_while(move |k| self.get(group, &format!("{name}{k}")));
        self.get(group, name).into_iter().chain(later)
    }

    pub fn texts(&self, group: &str, name: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for parameter in self.chain(group, name) {
            if let ParameterValues::Text(values) = &parameter.values {
                texts.extend(values.iter().cloned());
            }
        }
        texts
    }

    pub fn text(&self, group: &str, name: &str) -> Option<String> {
        self.texts(group, name)
            .into_iter()
            .find(|text| !text.is_empty())
    }

    /// Numbers of any type; integers signed.
    pub fn numbers(&self, group: &str, name: &str) -> Vec<f64> {
        let mut numbers = Vec::new();
        for parameter in self.chain(group, name) {
            match &parameter.values {
                ParameterValues::Text(_) => {}
                ParameterValues::Byte(values) => {
                    numbers.extend(values.iter().map(|v| f64::from(*v)))
                }
                ParameterValues::Integer(values) => {
                    numbers.extend(values.iter().map(|v| f64::from(*v)));
                }
                ParameterValues::Real(values) => {
                    numbers.extend(values.iter().map(|v| f64::from(*v)))
                }
            }
        }
        numbers
    }

    /// Numbers with integers taken as unsigned, as counts are meant.
    pub fn counts(&self, group: &str, name: &str) -> Vec<f64> {
        match self.get(group, name).map(|parameter| &parameter.values) {
            Some(ParameterValues::Integer(values)) => values
                .iter()
                .map(|v| f64::from(v.cast_unsigned()))
                .collect(),
            _ => self.numbers(group, name),
        }
    }
}

/// A record's head as it stands in the file.
struct Record {
    id: i8,
    name: String,
    /// Just behind the two bytes of `next`.
    body: usize,
    next: Option<usize>,
}

/// Reads the chain that starts behind the four bytes of the section's head at `section`, stopping
/// at `limit` (the data section when it follows).
pub(super) fn read(
    reader: &Reader<'_>,
    section: usize,
    limit: usize,
    warnings: &mut Vec<String>,
) -> Result<Parameters, C3dError> {
    let mut groups: BTreeMap<u8, String> = BTreeMap::new();
    let mut found: Vec<(u8, Parameter)> = Vec::new();
    let mut at = section + 4;
    loop {
        if at >= limit {
            warnings.push("the parameter section has no end mark".to_owned());
            break;
        }
        let Some(record) = record(reader, at)? else {
            break;
        };
        if record.id < 0 {
            groups.insert(record.id.unsigned_abs(), record.name);
        } else if record.id > 0 {
            let group = record.id.unsigned_abs();
            found.push((group, parameter(reader, &record, at)?));
        }
        if found.len() + groups.len() > MAX_PARAMETERS {
            let reason = C3dReason::TooManyParameters {
                limit: MAX_PARAMETERS,
            };
            return Err(C3dError { offset: at, reason });
        }
        match record.next {
            Some(next) => at = next,
            None => break,
        }
    }
    let mut list = Vec::with_capacity(found.len());
    let mut index = BTreeMap::new();
    for (group, mut parameter) in found {
        parameter.group = groups
            .get(&group)
            .cloned()
            .unwrap_or_else(|| format!("GROUP{group}"));
        index
            .entry((parameter.group.clone(), parameter.name.clone()))
            .or_insert(list.len());
        list.push(parameter);
    }
    Ok(Parameters { list, index })
}

fn fault(offset: usize, name: &str, what: ParameterFault) -> C3dError {
    C3dError {
        offset,
        reason: C3dReason::Parameter {
            name: name.to_owned(),
            what,
        },
    }
}

/// Head of the record at `at`; `None` at the end mark (a name of no letters, or the file's end).
fn record(reader: &Reader<'_>, at: usize) -> Result<Option<Record>, C3dError> {
    let Some(length) = reader
        .u8(at)
        .map(|byte| usize::from(byte.cast_signed().unsigned_abs()))
    else {
        return Ok(None);
    };
    let Some(id) = reader
        .u8(at + 1)
        .map(u8::cast_signed)
        .filter(|_| length > 0)
    else {
        return Ok(None);
    };
    let Some(letters) = reader.bytes.get(at + 2..at + 2 + length) else {
        return Err(fault(at, "(unnamed)", ParameterFault::BeyondEnd));
    };
    let name = text(letters).to_uppercase();
    let link = at + 2 + length;
    let Some(distance) = reader.u16(link) else {
        return Err(fault(link, &name, ParameterFault::BeyondEnd));
    };
    let next = (distance != 0).then(|| link + usize::from(distance));
    Ok(Some(Record {
        id,
        name,
        body: link + 2,
        next,
    }))
}

fn parameter(reader: &Reader<'_>, record: &Record, at: usize) -> Result<Parameter, C3dError> {
    let beyond = || fault(at, &record.name, ParameterFault::BeyondEnd);
    let kind = reader.u8(record.body).ok_or_else(beyond)?.cast_signed();
    let count = reader.u8(record.body + 1).ok_or_else(beyond)?;
    if count > 7 {
        let what = ParameterFault::Dimensions(count);
        return Err(fault(record.body + 1, &record.name, what));
    }
    let start = record.body + 2 + usize::from(count);
    let dimensions = reader
        .bytes
        .get(record.body + 2..start)
        .ok_or_else(beyond)?
        .to_vec();
    let width = match kind {
        -1 | 1 => 1,
        2 => 2,
        4 => 4,
        other => {
            return Err(fault(
                record.body,
                &record.name,
                ParameterFault::Type(other),
            ));
        }
    };
    let elements = dimensions
        .iter()
        .map(|size| usize::from(*size))
        .product::<usize>();
    let end = start.saturating_add(elements.saturating_mul(width));
    let data = reader.bytes.get(start..end).ok_or_else(beyond)?;
    let values = match kind {
        -1 => ParameterValues::Text(strings(data, &dimensions)),
        1 => ParameterValues::Byte(data.to_vec()),
        2 => ParameterValues::Integer(
            data.chunks_exact(2)
                .map(|b| reader.processor.u16([b[0], b[1]]).cast_signed())
                .collect(),
        ),
        _ => ParameterValues::Real(
            data.chunks_exact(4)
                .map(|b| reader.processor.f32([b[0], b[1], b[2], b[3]]))
                .collect(),
        ),
    };
    let described = reader.u8(end).map_or(0, usize::from);
    let description = reader
        .bytes
        .get(end + 1..end + 1 + described)
        .map(text)
        .unwrap_or_default();
    let name = record.name.clone();
    Ok(Parameter {
        group: String::new(),
        name,
        description,
        dimensions,
        values,
    })
}

/// The first dimension is the length of one string. A length of zero gives no string.
fn strings(data: &[u8], dimensions: &[u8]) -> Vec<String> {
    let length = dimensions.first().map_or(1, |length| usize::from(*length));
    if length == 0 {
        return Vec::new();
    }
    data.chunks_exact(length).map(text).collect()
}

/// Text without control letters and outer blanks; bytes that are no UTF-8 are read as Latin-1.
pub(super) fn text(bytes: &[u8]) -> String {
    let plain = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    };
    let kept: String = plain
        .chars()
        .filter(|letter| !letter.is_control())
        .collect();
    kept.trim().to_owned()
}
