//! The story: six steps, each a job.
