//! Page tokens that form a cycle.

/// The tokens of the pages so far, as far as they are needed to recognize a cycle: Brent's algorithm.
///
/// It keeps one token and compares each new one with it. The kept token is replaced after 1, 2, 4, … pages. Once it is within a
/// cycle and is kept for longer than the cycle is, it comes again. A cycle that begins after the first `m` pages and has `n`
/// tokens is found within `4 × max(m, n)` pages.
#[derive(Clone, Debug, Default)]
pub(super) struct Circle {
    /// A token of an earlier page.
    kept: String,
    /// The number of pages for which it is kept.
    limit: u64,
    /// The number of pages since then.
    pages: u64,
    /// The token of the last page. A request with another one begins a list anew.
    last: String,
}

impl Circle {
    /// Notes the token of a page that was requested with the token `sent`. Returns `true` if the token has been there before.
    pub(super) fn closes(&mut self, sent: &str, token: &str) -> bool {
        if self.limit == 0 || sent != self.last {
            *self = Self {
                kept: sent.to_owned(),
                limit: 1,
                ..Self::default()
            };
        }
        if token == self.kept || token == sent {
            return true;
        }
        token.clone_into(&mut self.last);
        self.pages += 1;
        if self.pages == self.limit {
            token.clone_into(&mut self.kept);
            self.limit = self.limit.saturating_mul(2);
            self.pages = 0;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the number of pages until a cycle is found, with `m` tokens before the cycle and `n` in it.
    fn found(m: usize, n: usize) -> usize {
        let token = |page: usize| {
            let index = if page < m { page } else { m + (page - m) % n };
            format!("token {index}")
        };
        let mut circle = Circle::default();
        let mut sent = String::new();
        for page in 0.. {
            let next = token(page);
            if circle.closes(&sent, &next) {
                return page + 1;
            }
            sent = next;
        }
        0
    }

    #[test]
    fn case_r14_every_circle_is_found() {
        for m in 0..40 {
            for n in 1..40 {
                let pages = found(m, n);
                assert!(
                    pages > m + n && pages <= m + n + 4 * (m + 1).max(n),
                    "{m} {n} {pages}"
                );
            }
        }
        assert!(found(0, 100_000) < 500_000);
        assert!(found(70_000, 3) < 300_000);
    }

    #[test]
    fn case_r14_tokens_that_differ_are_no_circle() {
        let mut circle = Circle::default();
        let mut sent = String::new();
        for page in 0..100_000 {
            let next = format!("token {page}");
            assert!(!circle.closes(&sent, &next), "{page}");
            sent = next;
        }
    }

    #[test]
    fn case_r14_a_list_that_begins_anew_is_no_circle() {
        let mut circle = Circle::default();
        assert!(!circle.closes("", "a"));
        assert!(!circle.closes("a", "b"));
        // The caller has set the first token again.
        assert!(!circle.closes("", "a"));
        assert!(!circle.closes("a", "b"));
        assert!(circle.closes("b", "a"));
    }
}
