//! The decision whether an interrupted download continues.

use super::super::version::Coding;
use super::{DownloadStream, State};
use crate::error::Result;
use crate::media::PATIENCE;
use crate::transport::TransportError;

impl DownloadStream {
    /// Requests the missing bytes after a break. If that is impossible, the stream ends.
    pub(super) fn recover(&mut self, error: TransportError) -> Result<()> {
        self.idle += 1;
        let is_transient = error.is_transient();
        let obstacle = if self.idle >= PATIENCE {
            Some("several attempts in a row brought no new byte")
        } else {
            self.obstacle()
        };
        let obstacle = obstacle.filter(|_| is_transient);
        let (returned, whole) = (self.returned, self.whole());
        let failure = self.plan.broken(error, returned, whole, obstacle);
        if obstacle.is_some() || !is_transient {
            return Err(failure);
        }
        self.requests.survive(&failure);
        self.ask_again();
        Ok(())
    }

    /// Returns the reason why the missing bytes cannot be requested, or cannot be distinguished from those of another version.
    pub(super) fn obstacle(&self) -> Option<&'static str> {
        let has_place = self.body_end.is_some() || self.total.is_some();
        if self.plan.request.method() != http::Method::GET {
            Some("the method is not a `GET`")
        } else if !self.version.is_known() {
            Some("the server states no strong etag")
        } else if self.coding == Coding::Encoded {
            Some("the body is compressed")
        } else if self.coding == Coding::Plain && !has_place {
            Some("the server states no length of the media")
        } else if self.is_unverified && self.returned > 0 {
            // Only its length shows that the body is not the range after all, so it must come as a whole.
            Some("the server ignored the range")
        } else {
            None
        }
    }

    /// Requests the bytes from the next one on.
    pub(super) fn ask_again(&mut self) {
        // Servers ignore ranges of media that they decompress, or apply them to the stored bytes.
        let is_ranged = self.coding == Coding::Plain;
        let range = is_ranged.then_some((self.next, self.end().or(self.wanted)));
        let options = self.plan.options.of_chunks(self.plan.client.retry_policy());
        let asking = self.plan.ask(range, self.version.condition(), options);
        self.state = State::Asking(asking);
    }
}
