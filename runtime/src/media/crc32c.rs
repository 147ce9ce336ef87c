//! CRC-32C, the checksum of Cloud Storage (RFC 3720, appendix B.4).

use crate::types::Base64;

/// The polynomial of Castagnoli, its bits reversed.
const POLYNOMIAL: u32 = 0x82f6_3b78;

/// `TABLES[k][b]` is the checksum of the byte `b` and `k` zeros after it: eight bytes are looked up at a time.
static TABLES: [[u32; 256]; 8] = tables();

/// A checksum of what came so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crc32c(u32);

impl Crc32c {
    /// The checksum of no bytes.
    pub(crate) const NEW: Self = Self(!0);

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        let [t0, t1, t2, t3, t4, t5, t6, t7] = &TABLES;
        let look = |table: &[u32; 256], byte: u8| table[usize::from(byte)];
        let mut crc = self.0;
        let (eights, rest) = bytes.as_chunks::<8>();
        for [a, b, c, d, e, f, g, h] in eights {
            let [w, x, y, z] = crc.to_le_bytes();
            crc = look(t7, a ^ w)
                ^ look(t6, b ^ x)
                ^ look(t5, c ^ y)
                ^ look(t4, d ^ z)
                ^ look(t3, *e)
                ^ look(t2, *f)
                ^ look(t1, *g)
                ^ look(t0, *h);
        }
        for byte in rest {
            let [low, ..] = crc.to_le_bytes();
            crc = (crc >> 8) ^ look(t0, low ^ byte);
        }
        self.0 = crc;
    }

    /// Returns the checksum of these bytes.
    pub(crate) fn of(bytes: &[u8]) -> u32 {
        let mut checksum = Self::NEW;
        checksum.add(bytes);
        checksum.value()
    }

    pub(crate) fn value(self) -> u32 {
        !self.0
    }
}

const fn tables() -> [[u32; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let (mut byte, mut value) = (0, 0_u32);
    while byte < 256 {
        let mut crc = value;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ POLYNOMIAL
            } else {
                crc >> 1
            };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
        value += 1;
    }
    let mut table = 1;
    while table < 8 {
        byte = 0;
        while byte < 256 {
            let before: u32 = tables[table - 1][byte];
            tables[table][byte] = (before >> 8) ^ tables[0][before.to_le_bytes()[0] as usize];
            byte += 1;
        }
        table += 1;
    }
    tables
}

/// Reads a checksum as Cloud Storage writes it: four bytes in base64, the highest first.
pub(crate) fn parse(text: &str) -> Option<u32> {
    let bytes = Base64::from(text).decode().ok()?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::Crc32c;

    #[test]
    fn known_values() {
        let ascending: Vec<u8> = (0..32).collect();
        let descending: Vec<u8> = (0..32).rev().collect();
        // The examples of RFC 3720, the check value of the catalogs, and lengths that are not a multiple of eight.
        for (bytes, value) in [
            (&[0; 32][..], 0x8a91_36aa),
            (&[0xff; 32], 0x62a8_ab43),
            (&ascending, 0x46dd_794e),
            (&descending, 0x113f_db5c),
            (b"123456789", 0xe306_9283),
            (b"", 0),
        ] {
            for split in 0..=bytes.len() {
                let mut crc = Crc32c::NEW;
                crc.add(&bytes[..split]);
                crc.add(&bytes[split..]);
                assert_eq!(crc.value(), value, "{bytes:?}");
            }
        }
    }
}
