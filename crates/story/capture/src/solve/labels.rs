//! Marker labels of the usual sets → one name each.
//!
//! A label loses its subject prefix (`Subj:LASI`, `Subj_LASI`), its case and its separators. Sets:
//! Plug-in Gait and its medial additions, Helen Hayes, the OptiTrack baseline names, and joint
//! centres under their usual names.

use std::collections::BTreeMap;

/// The spot on the body a marker marks. `L`/`R` are the performer's.
pub(super) type Spot = &'static str;

/// Columns of the markers whose labels are known.
pub(super) struct Matched {
    pub columns: BTreeMap<Spot, usize>,
    pub unmatched: Vec<String>,
}

/// Middle spots: canonical name, then other spellings (letters and digits only, upper case).
const MIDDLE: [(Spot, &[&str]); 8] = [
    (
        "C7",
        &["C07", "CERV7", "C7VERTEBRA", "VC7", "BACKTOP", "TV1", "T1"],
    ),
    ("T10", &["TH10", "VT10", "BACKLOW", "TV10", "T8", "TV8"]),
    (
        "CLAV",
        &["CLAVICLE", "JUGULAR", "IJ", "SJN", "CHESTTOP", "CLA"],
    ),
    (
        "STRN",
        &[
            "STERNUM", "XIPH", "XIPHOID", "PX", "SXS", "CHEST", "CHESTLOW",
        ],
    ),
    (
        "SACR",
        &[
            "SACRUM",
            "VSACRAL",
            "VSACRUM",
            "SACRAL",
            "MPSI",
            "WAISTBACK",
        ],
    ),
    (
        "HEADC",
        &["HEAD", "TOPHEAD", "HEADTOP", "ARIEL", "TOPHD", "VERTEX"],
    ),
    (
        "PELVC",
        &["PELVIS", "HIPS", "PELVISCENTER", "PELO", "MIDHIP", "ROOT"],
    ),
    ("NECKC", &["NECK", "NECKBASE", "CERVICALE"]),
];

/// Spots of both sides, without their side letter: canonical stem, then other stems.
const SIDED: [(Spot, &[&str]); 30] = [
    ("FHD", &["FRONTHEAD", "HEADFRONT", "FHEAD", "HDF"]),
    ("BHD", &["BACKHEAD", "HEADBACK", "BHEAD", "HDB"]),
    (
        "SHO",
        &[
            "SHOULDERTOP",
            "ACR",
            "ACROMION",
            "SHLD",
            "SAE",
            "SHOULDERMARKER",
            "AC",
        ],
    ),
    (
        "UPA",
        &["UPPERARMMARKER", "UARM", "UPARM", "BICEPS", "UARMHIGH"],
    ),
    (
        "ELB",
        &[
            "ELBOWOUT", "ELBL", "LELBOW", "ELBOWLAT", "HLE", "LEP", "ELBW", "LHE", "LATELB",
        ],
    ),
    (
        "ELM",
        &[
            "MELB", "ELBM", "ELBOWIN", "ELBOWMED", "HME", "MEP", "MHE", "IELB", "MEDELB",
        ],
    ),
    ("FRM", &["FOREARMMARKER", "FARM", "FRA"]),
    (
        "WRA",
        &[
            "RSP", "WRISTIN", "WRT", "RADIUS", "RS", "WRISTA", "WRR", "WRTHUMB", "WRISTRAD",
        ],
    ),
    (
        "WRB",
        &[
            "USP", "WRISTOUT", "WRU", "ULNA", "US", "WRISTB", "WRPINKY", "WRISTULN",
        ],
    ),
    ("WRI", &["WRISTMARKER", "WRIST1", "WRS"]),
    (
        "FIN",
        &[
            "HANDOUT",
            "FING",
            "FINGER",
            "HM2",
            "HANDMARKER",
            "HAND2",
            "FIN1",
            "IHAND",
            "HND",
        ],
    ),
    (
        "ASI",
        &[
            "ASIS",
            "IAS",
            "WAISTFRONT",
            "WAISTF",
            "FWT",
            "ASI1",
            "PELVISFRONT",
        ],
    ),
    (
        "PSI",
        &[
            "PSIS",
            "IPS",
            "WAISTBACK",
            "WAISTB",
            "BWT",
            "PSI1",
            "PELVISBACK",
        ],
    ),
    (
        "THI",
        &[
            "THIGH",
            "THIGHMARKER",
            "THIGHUPPER",
            "TH1",
            "THIG",
            "THIGHFRONT",
        ],
    ),
    (
        "KNE",
        &[
            "KNEEOUT",
            "FLE",
            "LFE",
            "KNEELAT",
            "LKNEE",
            "LATKNEE",
            "KNEL",
            "LFC",
            "KNEEMARKER",
        ],
    ),
    (
        "KNM",
        &[
            "KNEEIN", "FME", "MFE", "KNEEMED", "MKNEE", "MEDKNEE", "KNEM", "MFC", "MKNE",
        ],
    ),
    (
        "TIB",
        &["SHIN", "TIBIA", "SHANK", "TB1", "SHINFRONT", "SHN"],
    ),
    (
        "ANK",
        &[
            "ANKLEOUT",
            "FAL",
            "LMAL",
            "ANKLELAT",
            "LATANK",
            "ANKL",
            "LM",
            "LMALL",
            "ANKLEMARKER",
        ],
    ),
    (
        "ANM",
        &[
            "ANKLEIN", "TAM", "MMAL", "ANKLEMED", "MEDANK", "ANKM", "MM", "MED", "MMALL", "MANK",
        ],
    ),
    (
        "HEE",
        &["HEEL", "FCC", "CAL", "CALC", "HEELMARKER", "HEEBACK"],
    ),
    (
        "TOE",
        &[
            "TOETIP",
            "TOEMARKER",
            "FM2",
            "MT2",
            "DMT2",
            "TOEIN",
            "MTP2",
            "TOE1",
            "FOOT2",
        ],
    ),
    (
        "MT5",
        &[
            "FM5", "MT5HEAD", "TOEOUT", "5MT", "MTP5", "DMT5", "SMT5", "VMH",
        ],
    ),
    (
        "MT1",
        &["FM1", "1MT", "MTP1", "DMT1", "BIGTOE", "VMB", "SMT1"],
    ),
    (
        "HJC",
        &[
            "HIP",
            "HIPJC",
            "HIPC",
            "HIPJOINT",
            "HIPJOINTCENTER",
            "UPLEG",
            "UPPERLEG",
        ],
    ),
    (
        "KJC",
        &["KNEE", "KNEEJC", "KNEEC", "KNEEJOINTCENTER", "LOWERLEG"],
    ),
    (
        "AJC",
        &["ANKLE", "ANKLEJC", "ANKLEC", "ANKLEJOINTCENTER", "FOOT"],
    ),
    (
        "SJC",
        &[
            "SHOULDER",
            "SHOULDERJC",
            "SHOJC",
            "SHOULDERC",
            "UPPERARM",
            "GH",
            "ARM",
        ],
    ),
    (
        "EJC",
        &[
            "ELBOW",
            "ELBOWJC",
            "ELBOWC",
            "ELBOWJOINTCENTER",
            "FOREARM",
            "LOWERARM",
        ],
    ),
    ("WJC", &["WRIST", "WRISTJC", "WRISTC", "WRISTJOINTCENTER"]),
    ("HANDC", &["HAND", "HANDC"]),
];

/// Both sides of every stem, as one static table: (canonical left, canonical right, stem).
const SIDE_SPOTS: [(Spot, Spot, Spot); 30] = [
    ("LFHD", "RFHD", "FHD"),
    ("LBHD", "RBHD", "BHD"),
    ("LSHO", "RSHO", "SHO"),
    ("LUPA", "RUPA", "UPA"),
    ("LELB", "RELB", "ELB"),
    ("LELM", "RELM", "ELM"),
    ("LFRM", "RFRM", "FRM"),
    ("LWRA", "RWRA", "WRA"),
    ("LWRB", "RWRB", "WRB"),
    ("LWRI", "RWRI", "WRI"),
    ("LFIN", "RFIN", "FIN"),
    ("LASI", "RASI", "ASI"),
    ("LPSI", "RPSI", "PSI"),
    ("LTHI", "RTHI", "THI"),
    ("LKNE", "RKNE", "KNE"),
    ("LKNM", "RKNM", "KNM"),
    ("LTIB", "RTIB", "TIB"),
    ("LANK", "RANK", "ANK"),
    ("LANM", "RANM", "ANM"),
    ("LHEE", "RHEE", "HEE"),
    ("LTOE", "RTOE", "TOE"),
    ("LMT5", "RMT5", "MT5"),
    ("LMT1", "RMT1", "MT1"),
    ("LHJC", "RHJC", "HJC"),
    ("LKJC", "RKJC", "KJC"),
    ("LAJC", "RAJC", "AJC"),
    ("LSJC", "RSJC", "SJC"),
    ("LEJC", "REJC", "EJC"),
    ("LWJC", "RWJC", "WJC"),
    ("LHANDC", "RHANDC", "HANDC"),
];

/// Finds the known markers. Where two labels name the same spot the first in the file counts.
pub(super) fn match_labels(labels: &[String]) -> Matched {
    let mut columns = BTreeMap::new();
    let mut unmatched = Vec::new();
    for (column, label) in labels.iter().enumerate() {
        match spot(label).filter(|spot| !columns.contains_key(spot)) {
            Some(spot) => {
                columns.insert(spot, column);
            }
            None => unmatched.push(label.clone()),
        }
    }
    Matched { columns, unmatched }
}

/// The spot a label names, trying the whole label first, then without its prefix.
fn spot(label: &str) -> Option<Spot> {
    let bare = label.rsplit(':').next().unwrap_or(label).trim();
    let mut tries = vec![bare];
    let mut rest = bare;
    while let Some((_, behind)) = rest.split_once(['_', '.', ' ', '-']) {
        tries.push(behind);
        rest = behind;
    }
    tries.into_iter().find_map(known)
}

fn known(text: &str) -> Option<Spot> {
    let plain: String = text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    let middle = MIDDLE
        .iter()
        .find(|(name, others)| *name == plain || others.contains(&&*plain));
    if let Some((name, _)) = middle {
        return Some(name);
    }
    let (left, stem) = side(text, &plain)?;
    let (name, _) = SIDED
        .iter()
        .find(|(name, others)| *name == stem || others.contains(&&*stem))?;
    let (left_spot, right_spot, _) = SIDE_SPOTS.iter().find(|(_, _, stem)| stem == name)?;
    Some(if left { left_spot } else { right_spot })
}

/// Side and the rest: `LKNE`, `Left Knee`, `KNEE_L`, `KneeLeft`, `WaistLFront`.
fn side(text: &str, plain: &str) -> Option<(bool, String)> {
    for (word, left) in [("LEFT", true), ("RIGHT", false)] {
        if let Some(stem) = plain
            .strip_prefix(word)
            .or_else(|| plain.strip_suffix(word))
        {
            return Some((left, stem.to_owned()));
        }
    }
    let upper = text.trim().to_ascii_uppercase();
    for separator in ["_", ".", "-", " "] {
        for (letter, left) in [("L", true), ("R", false)] {
            if let Some(stem) = upper.strip_suffix(&format!("{separator}{letter}")) {
                let stem: String = stem.chars().filter(char::is_ascii_alphanumeric).collect();
                return Some((left, stem));
            }
        }
    }
    for (word, others) in [
        ("WAIST", ["LFRONT", "LBACK"]),
        ("HEAD", ["LFRONT", "LBACK"]),
    ] {
        if let Some(rest) = plain.strip_prefix(word) {
            let left = rest.starts_with('L');
            if others
                .iter()
                .any(|other| other[1..] == *rest.get(1..).unwrap_or_default())
            {
                return Some((left, format!("{word}{}", &rest[1..])));
            }
        }
    }
    match plain.as_bytes().first() {
        Some(b'L') => Some((true, plain[1..].to_owned())),
        Some(b'R') => Some((false, plain[1..].to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::spot;

    #[test]
    fn usual_spellings_are_known() {
        let cases = [
            ("LASI", Some("LASI")),
            ("Subj:lasi", Some("LASI")),
            ("Bob_RKNE", Some("RKNE")),
            ("L.ASIS", Some("LASI")),
            ("R.Heel", Some("RHEE")),
            ("V.Sacral", Some("SACR")),
            ("Left Knee", Some("LKJC")),
            ("knee_r", Some("RKJC")),
            ("WaistLFront", Some("LASI")),
            ("LKneeOut", Some("LKNE")),
            ("*12", None),
            ("C_1", None),
            ("M017", None),
            ("Actor:C7", Some("C7")),
        ];
        for (label, expected) in cases {
            assert_eq!(spot(label), expected, "label {label}");
        }
    }
}
