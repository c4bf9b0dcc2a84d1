//! A keep-alive HTTP/1.1 client for loopback benches: GET and POST with a content length.

use anyhow::{Context, Result, bail};
use std::net::SocketAddr;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

const BODY_BYTES_MAX: usize = 16 << 20;

pub struct Client {
    stream: BufReader<TcpStream>,
    host: SocketAddr,
    pub cookie: String,
}

pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Client {
    pub async fn connect(host: SocketAddr, cookie: &str) -> Result<Self> {
        let stream = TcpStream::connect(host)
            .await
            .context("failed to connect")?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::new(stream),
            host,
            cookie: cookie.to_owned(),
        })
    }

    pub async fn get(&mut self, path: &str) -> Result<Answer> {
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\n\r\n",
            self.host, self.cookie
        );
        self.exchange(head.as_bytes()).await
    }

    pub async fn post(&mut self, path: &str, json: &str) -> Result<Answer> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\nx-backlot: 1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{json}",
            self.host,
            self.cookie,
            json.len()
        );
        self.exchange(head.as_bytes()).await
    }

    async fn exchange(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.get_mut().write_all(request).await?;
        let mut line = String::new();
        self.stream.read_line(&mut line).await?;
        let status = line
            .split(' ')
            .nth(1)
            .and_then(|s| s.parse().ok())
            .context("no status line")?;
        let mut length = None;
        loop {
            line.clear();
            self.stream.read_line(&mut line).await?;
            let Some((name, value)) = line.trim_end().split_once(':') else {
                break;
            };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse::<usize>().ok(),
                "set-cookie" => {
                    value
                        .trim()
                        .split(';')
                        .next()
                        .unwrap_or_default()
                        .clone_into(&mut self.cookie);
                }
                _ => {}
            }
        }
        let length = length.context("the answer has no content length")?;
        if length > BODY_BYTES_MAX {
            bail!("an answer of {length} bytes");
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await?;
        Ok(Answer { status, body })
    }
}
