//! Numbers ↔ bytes: seven bits a byte, low ones first (LEB128).

/// Adds a number.
pub fn push(bytes: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// Takes a number off the front; none where the bytes end too early or the
/// number is too large.
pub fn pull<T: TryFrom<usize>>(bytes: &mut &[u8]) -> Option<T> {
    let mut value = 0;
    for shift in (0..usize::BITS).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        let bits = usize::from(byte & 0x7f);
        value |= bits << shift;
        if bits << shift >> shift != bits {
            return None;
        }
        if byte < 0x80 {
            return T::try_from(value).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pushed_is_pulled() {
        let numbers = [0, 1, 127, 128, 300, 1 << 14, u32::MAX as usize];
        let mut bytes = Vec::new();
        numbers.iter().for_each(|&number| push(&mut bytes, number));
        let mut rest = &bytes[..];
        assert_eq!(numbers.map(|_| pull::<usize>(&mut rest).unwrap()), numbers);
        assert_eq!(pull::<usize>(&mut rest), None);
        assert_eq!(pull::<u8>(&mut &[0x80, 2][..]), None);
        assert_eq!(pull::<u32>(&mut &[0x80; 20][..]), None);
        assert_eq!(pull::<u32>(&mut &[0xff, 0xff, 0xff, 0xff, 0x7f][..]), None);
        assert_eq!(pull::<usize>(&mut &[[0xff; 9].as_slice(), &[0x7f]].concat()[..]), None);
    }
}
