//! C3D files built byte by byte from the public manual, for each processor and storage. Shares no
//! code with the crate's writer.

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cpu {
    Intel = 84,
    Dec = 85,
    Sgi = 86,
}

impl Cpu {
    pub fn word(self, value: u16) -> [u8; 2] {
        if self == Self::Sgi {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        }
    }

    pub fn real(self, value: f32) -> [u8; 4] {
        match self {
            Self::Intel => value.to_le_bytes(),
            Self::Sgi => value.to_be_bytes(),
            Self::Dec => {
                // VAX F is IEEE × 4 with its two words swapped.
                let [a, b, c, d] = (value * 4.0).to_le_bytes();
                [c, d, a, b]
            }
        }
    }
}

/// What the file says; `points[frame][point]` in file units, `None` is an invalid point.
pub struct Plan {
    pub cpu: Cpu,
    pub real: bool,
    pub scale: f32,
    pub points: Vec<Vec<Option<[f32; 3]>>>,
    pub labels: Vec<&'static str>,
    /// Raw values, `[frame][sample][channel]`.
    pub analog: Vec<Vec<Vec<i32>>>,
    pub extra: Vec<(&'static str, Param)>,
}

pub enum Param {
    Text(Vec<&'static str>),
    Words(Vec<u16>),
    Reals(Vec<f32>, Vec<u8>),
}

impl Plan {
    pub fn build(&self) -> Vec<u8> {
        let cpu = self.cpu;
        let section = self.parameters();
        let blocks = section.len().div_ceil(512);
        let data_block = 2 + blocks as u16;
        let mut file = self.header(data_block);
        file.extend(&section);
        file.resize((1 + blocks) * 512, 0);
        file[512 + 2] = blocks as u8;
        for (frame, points) in self.points.iter().enumerate() {
            for point in points {
                self.point(&mut file, point);
            }
            for raw in self.analog.get(frame).into_iter().flatten().flatten() {
                match self.real {
                    true => file.extend(cpu.real(*raw as f32)),
                    false => file.extend(cpu.word(*raw as u16)),
                }
            }
        }
        file.resize(file.len().div_ceil(512) * 512, 0);
        file
    }

    fn point(&self, file: &mut Vec<u8>, point: &Option<[f32; 3]>) {
        let mask = if point.is_some() { 0x0305i16 } else { -1 };
        for value in point.unwrap_or_default() {
            match self.real {
                true => file.extend(self.cpu.real(value)),
                false => {
                    let steps = (value / self.scale).round() as i16;
                    file.extend(self.cpu.word(steps as u16));
                }
            }
        }
        match self.real {
            true => file.extend(self.cpu.real(f32::from(mask))),
            false => file.extend(self.cpu.word(mask as u16)),
        }
    }

    fn header(&self, data_block: u16) -> Vec<u8> {
        let cpu = self.cpu;
        let mut bytes = vec![0u8; 512];
        bytes[..2].copy_from_slice(&[2, 0x50]);
        let mut put = |word: usize, value: &[u8]| {
            bytes[(word - 1) * 2..][..value.len()].copy_from_slice(value);
        };
        let per_frame = self.analog.first().map_or(0, Vec::len);
        let channels = self
            .analog
            .first()
            .and_then(|f| f.first())
            .map_or(0, Vec::len);
        put(2, &cpu.word(self.points.first().map_or(0, Vec::len) as u16));
        put(3, &cpu.word((per_frame * channels) as u16));
        put(4, &cpu.word(1));
        put(5, &cpu.word(self.points.len() as u16));
        put(
            7,
            &cpu.real(if self.real { -self.scale } else { self.scale }),
        );
        put(9, &cpu.word(data_block));
        put(10, &cpu.word(per_frame as u16));
        put(11, &cpu.real(50.0));
        bytes
    }

    fn parameters(&self) -> Vec<u8> {
        let mut out = vec![0, 0, 0, self.cpu as u8];
        let groups = ["POINT", "ANALOG", "EVENT", "TRIAL"];
        for (k, name) in groups.iter().enumerate() {
            out.extend([name.len() as u8, (-(k as i8 + 1)) as u8]);
            out.extend(name.as_bytes());
            out.extend(self.cpu.word(3 + 4));
            out.extend(b"\x04text");
        }
        let labels = Param::Text(self.labels.clone());
        self.parameter(&mut out, 1, "LABELS", &labels);
        for (name, value) in &self.extra {
            let (group, name) = name.split_once(':').expect("GROUP:NAME");
            let group = groups
                .iter()
                .position(|g| *g == group)
                .expect("a group of the list")
                + 1;
            self.parameter(&mut out, group as u8, name, value);
        }
        out.extend([0, 0]);
        out
    }

    fn parameter(&self, out: &mut Vec<u8>, group: u8, name: &str, value: &Param) {
        let (kind, dims, bytes): (i8, Vec<u8>, Vec<u8>) = match value {
            Param::Text(texts) => {
                let longest = texts.iter().map(|t| t.len()).max().unwrap_or(0);
                let padded = texts
                    .iter()
                    .flat_map(|t| format!("{t:longest$}").into_bytes());
                (-1, vec![longest as u8, texts.len() as u8], padded.collect())
            }
            Param::Words(words) => {
                let bytes = words.iter().flat_map(|w| self.cpu.word(*w)).collect();
                (2, vec![words.len() as u8], bytes)
            }
            Param::Reals(values, dims) => (
                4,
                dims.clone(),
                values.iter().flat_map(|v| self.cpu.real(*v)).collect(),
            ),
        };
        // A negative length marks a locked name; readers take it as the same name.
        out.extend([(-(name.len() as i8)) as u8, group]);
        out.extend(name.as_bytes());
        out.extend(self.cpu.word((2 + 2 + dims.len() + bytes.len() + 1) as u16));
        out.extend([kind as u8, dims.len() as u8]);
        out.extend(dims);
        out.extend(bytes);
        out.push(0);
    }
}
