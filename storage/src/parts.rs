//! Long lists in parts: each of them fits into a value of the store.

/// `rows` in their order, in parts of at most `rows_max` rows and, as far as `size` says, of at most `bytes_max` bytes; a row
/// that is larger has a part of its own. At least one part, which may be empty.
#[must_use]
pub fn cut<R>(rows: Vec<R>, rows_max: usize, bytes_max: usize, size: impl Fn(&R) -> usize) -> Vec<Vec<R>> {
    let (mut parts, mut part, mut bytes) = (Vec::new(), Vec::new(), 0);
    for row in rows {
        let size = size(&row);
        if !part.is_empty() && (part.len() == rows_max || bytes + size > bytes_max) {
            parts.push(std::mem::take(&mut part));
            bytes = 0;
        }
        bytes += size;
        part.push(row);
    }
    parts.push(part);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_end_where_rows_or_bytes_are_too_many_and_nothing_is_left_out() {
        let lengths = |rows: &[usize], rows_max, bytes_max| -> Vec<Vec<usize>> {
            cut(rows.to_vec(), rows_max, bytes_max, |size| *size)
        };
        assert_eq!(lengths(&[], 2, 10), [Vec::<usize>::new()]);
        assert_eq!(lengths(&[1, 1, 1, 1, 1], 2, 10), [vec![1, 1], vec![1, 1], vec![1]]);
        assert_eq!(lengths(&[6, 4, 1, 99, 2], 9, 10), [vec![6, 4], vec![1], vec![99], vec![2]]);
    }
}
