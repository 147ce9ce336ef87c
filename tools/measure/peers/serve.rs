//! The server of `peers.py`.

#[allow(dead_code, reason = "other programs use the rest")]
#[path = "../../src/bin/call-cost/loopback.rs"]
mod loopback;

fn main() -> std::io::Result<()> {
    loopback::serve()
}
