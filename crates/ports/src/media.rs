//! Media: probing, transcoding and frame reading, by an engine in another process.
