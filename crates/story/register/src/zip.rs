//! The one zip form of an evidence package: stored entries with fixed names, order and headers.
//!
//! Every byte of such an archive is either a constant, computed from the entries, or entry data
//! under a CRC-32 that stands twice. The reader checks each field where it lies and names the part
//! that is wrong; at last it writes the archive again and compares. So nothing hides between
//! entries, in time stamps, extra fields or after the end, and nothing can unpack to more bytes
//! than it has. Source: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.

/// 1980-01-01 00:00: DOS time, then DOS date.
const DOS_TIME_DATE: [u8; 4] = [0x00, 0x00, 0x21, 0x00];
const VERSION: [u8; 2] = [10, 0];
const LOCAL_BYTES: usize = 30;
const CENTRAL_BYTES: usize = 46;
const END_BYTES: usize = 22;

/// What the archive as a whole is called in messages.
pub const END_RECORD: &str = "zip end record";

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{part}: {detail}")]
pub struct ZipError {
    /// `claim.json`, `local header of claim.json`, `central directory entry of …`, …
    pub part: String,
    pub detail: String,
}

fn wrong(part: impl Into<String>, detail: impl Into<String>) -> ZipError {
    ZipError {
        part: part.into(),
        detail: detail.into(),
    }
}

/// CRC-32 (ISO-HDLC), the checksum of zip.
pub fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = crc_table();
    !bytes.iter().fold(!0, |crc, byte| {
        TABLE[((crc ^ u32::from(*byte)) & 0xff) as usize] ^ (crc >> 8)
    })
}

const fn crc_table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 {
                0xedb8_8320 ^ (crc >> 1)
            } else {
                crc >> 1
            };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
}

/// The fields that a local header and a central entry share, from "version needed" to "extra
/// length": 26 bytes.
fn shared_fields(name: &str, data: &[u8]) -> [u8; 26] {
    let mut fields = [0; 26];
    fields[..2].copy_from_slice(&VERSION);
    fields[6..10].copy_from_slice(&DOS_TIME_DATE);
    fields[10..14].copy_from_slice(&crc32(data).to_le_bytes());
    fields[14..18].copy_from_slice(&length32(data).to_le_bytes());
    fields[18..22].copy_from_slice(&length32(data).to_le_bytes());
    fields[22..24].copy_from_slice(&(name.len() as u16).to_le_bytes());
    fields
}

/// Packages are bounded far below 4 GiB; see [`crate::evidence::PACKAGE_BYTES_MAX`].
const fn length32(data: &[u8]) -> u32 {
    data.len() as u32
}

/// Entries in this order, byte for byte the same each time.
pub fn write(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    for (name, data) in entries {
        let offset = length32(&archive);
        archive.extend_from_slice(b"PK\x03\x04");
        archive.extend_from_slice(&shared_fields(name, data));
        archive.extend_from_slice(name.as_bytes());
        archive.extend_from_slice(data);
        directory.extend_from_slice(b"PK\x01\x02");
        directory.extend_from_slice(&VERSION);
        directory.extend_from_slice(&shared_fields(name, data));
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let start = length32(&archive);
    archive.extend_from_slice(&directory);
    archive.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    archive.extend_from_slice(&(entries.len() as u16).to_le_bytes());
    archive.extend_from_slice(&(entries.len() as u16).to_le_bytes());
    archive.extend_from_slice(&length32(&directory).to_le_bytes());
    archive.extend_from_slice(&start.to_le_bytes());
    archive.extend_from_slice(&[0, 0]);
    archive
}

/// The data of exactly these entries in exactly this order; anything else is refused by name.
pub fn read<'a>(archive: &'a [u8], names: &[&str]) -> Result<Vec<&'a [u8]>, ZipError> {
    let directory_bytes: usize = names.iter().map(|name| CENTRAL_BYTES + name.len()).sum();
    let end_start = end_record(archive, names.len(), directory_bytes)?;
    let directory_start = end_start - directory_bytes;
    let mut at = directory_start;
    let mut spans = Vec::with_capacity(names.len());
    let mut local_start = 0;
    for name in names {
        let entry = &archive[at..at + CENTRAL_BYTES + name.len()];
        let size = central_entry(entry, name, local_start)?;
        let data_start = local_start + LOCAL_BYTES + name.len();
        let data_end = data_start + size;
        if data_end > directory_start {
            return Err(wrong(central(name), "its size reaches beyond the entries"));
        }
        spans.push((local_start, data_start, data_end));
        local_start = data_end;
        at += entry.len();
    }
    if local_start != directory_start {
        let gap = directory_start - local_start;
        return Err(wrong(
            "central directory",
            format!("{gap} bytes lie unclaimed before it"),
        ));
    }
    let mut data = Vec::with_capacity(names.len());
    for (name, (start, data_start, data_end)) in names.iter().zip(spans) {
        let content = &archive[data_start..data_end];
        entry_bytes(&archive[start..data_start], name, content)?;
        data.push(content);
    }
    check_crcs(archive, directory_start, names, &data)?;
    let entries: Vec<(&str, &[u8])> = names.iter().copied().zip(data.iter().copied()).collect();
    match crate::claim::first_difference(archive, &write(&entries)) {
        None => Ok(data),
        Some(offset) => Err(wrong(
            "zip structure",
            format!("byte {offset} is not as written"),
        )),
    }
}

/// Finds the end record at the very end and returns where it starts.
fn end_record(archive: &[u8], count: usize, directory_bytes: usize) -> Result<usize, ZipError> {
    let least = END_BYTES + directory_bytes;
    if archive.len() < least {
        let detail = format!(
            "{} bytes are too few for a package: is it cut short?",
            archive.len()
        );
        return Err(wrong(END_RECORD, detail));
    }
    let start = archive.len() - END_BYTES;
    let end = &archive[start..];
    if end[..4] != *b"PK\x05\x06" {
        let found = archive
            .windows(4)
            .rposition(|window| window == b"PK\x05\x06");
        let detail = match found {
            Some(at) if at + END_BYTES < archive.len() => {
                format!(
                    "{} bytes follow the end of the archive",
                    archive.len() - at - END_BYTES
                )
            }
            Some(_) => "the last bytes of the archive are missing".to_owned(),
            None => "its signature is damaged or missing: is the file cut short?".to_owned(),
        };
        return Err(wrong(END_RECORD, detail));
    }
    let mut expected = Vec::with_capacity(END_BYTES);
    expected.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    expected.extend_from_slice(&(count as u16).to_le_bytes());
    expected.extend_from_slice(&(count as u16).to_le_bytes());
    expected.extend_from_slice(&(directory_bytes as u32).to_le_bytes());
    expected.extend_from_slice(&((start - directory_bytes) as u32).to_le_bytes());
    expected.extend_from_slice(&[0, 0]);
    match field_of(end, &expected, &END_FIELDS) {
        None => Ok(start),
        Some(field) => Err(wrong(END_RECORD, format!("{field} is wrong"))),
    }
}

const END_FIELDS: [(usize, &str); 7] = [
    (4, "the signature"),
    (8, "the disk number"),
    (10, "the number of entries on this disk"),
    (12, "the number of entries"),
    (16, "the size of the central directory"),
    (20, "the offset of the central directory"),
    (22, "the comment length"),
];

/// Offsets in a central entry where each field ends.
const CENTRAL_FIELDS: [(usize, &str); 16] = [
    (4, "the signature"),
    (6, "the version made by"),
    (8, "the version needed"),
    (10, "the flags"),
    (12, "the compression method"),
    (16, "the time stamp"),
    (20, "the checksum"),
    (24, "the stored size"),
    (28, "the unpacked size"),
    (30, "the name length"),
    (32, "the extra length"),
    (34, "the comment length"),
    (36, "the disk number"),
    (42, "the attributes"),
    (46, "the offset of the local header"),
    (usize::MAX, "the name"),
];

const LOCAL_FIELDS: [(usize, &str); 11] = [
    (4, "the signature"),
    (6, "the version needed"),
    (8, "the flags"),
    (10, "the compression method"),
    (14, "the time stamp"),
    (18, "the checksum"),
    (22, "the stored size"),
    (26, "the unpacked size"),
    (28, "the name length"),
    (30, "the extra length"),
    (usize::MAX, "the name"),
];

/// The first field in which two equally long records differ.
fn field_of<'f>(found: &[u8], expected: &[u8], fields: &[(usize, &'f str)]) -> Option<&'f str> {
    let at = crate::claim::first_difference(found, expected)?;
    fields
        .iter()
        .find(|(end, _)| at < *end)
        .map(|(_, field)| *field)
}

fn central(name: &str) -> String {
    format!("central directory entry of {name}")
}

fn local(name: &str) -> String {
    format!("local header of {name}")
}

/// Everything of a central entry except its checksum, which [`check_crcs`] judges with the data;
/// the answer is the size of the data.
fn central_entry(entry: &[u8], name: &str, local_start: usize) -> Result<usize, ZipError> {
    let size = &entry[20..24];
    let mut expected = Vec::with_capacity(entry.len());
    expected.extend_from_slice(b"PK\x01\x02");
    expected.extend_from_slice(&VERSION);
    expected.extend_from_slice(&shared_fields(name, &[]));
    expected[16..20].copy_from_slice(&entry[16..20]);
    expected[20..24].copy_from_slice(size);
    expected[24..28].copy_from_slice(size);
    expected.extend_from_slice(&[0; 10]);
    expected.extend_from_slice(&(local_start as u32).to_le_bytes());
    expected.extend_from_slice(name.as_bytes());
    if let Some(field) = field_of(entry, &expected, &CENTRAL_FIELDS) {
        return Err(wrong(central(name), format!("{field} is wrong")));
    }
    Ok(u32::from_le_bytes([size[0], size[1], size[2], size[3]]) as usize)
}

/// A local header against its name and data, all but the checksum.
fn entry_bytes(header: &[u8], name: &str, data: &[u8]) -> Result<(), ZipError> {
    let mut expected = Vec::with_capacity(header.len());
    expected.extend_from_slice(b"PK\x03\x04");
    expected.extend_from_slice(&shared_fields(name, data));
    expected[14..18].copy_from_slice(&header[14..18]);
    expected.extend_from_slice(name.as_bytes());
    match field_of(header, &expected, &LOCAL_FIELDS) {
        None => Ok(()),
        Some(field) => Err(wrong(local(name), format!("{field} is wrong"))),
    }
}

/// Two of three must agree: data, local checksum, central checksum; the third is named.
fn check_crcs(
    archive: &[u8],
    directory_start: usize,
    names: &[&str],
    data: &[&[u8]],
) -> Result<(), ZipError> {
    let mut central_at = directory_start;
    let mut local_at = 0;
    for (name, content) in names.iter().zip(data) {
        let computed = crc32(content).to_le_bytes();
        let in_local = &archive[local_at + 14..local_at + 18];
        let in_central = &archive[central_at + 16..central_at + 20];
        match (in_local == computed, in_central == computed) {
            (true, true) => {}
            (false, true) => return Err(wrong(local(name), "the checksum is wrong")),
            (true, false) => return Err(wrong(central(name), "the checksum is wrong")),
            (false, false) => return Err(wrong(*name, "its bytes do not match its checksum")),
        }
        local_at += LOCAL_BYTES + name.len() + content.len();
        central_at += CENTRAL_BYTES + name.len();
    }
    Ok(())
}
