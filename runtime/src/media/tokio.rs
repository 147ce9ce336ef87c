//! Media from files and readers of tokio.

use super::Media;
use super::source::Input;
use bytes::Bytes;
use futures_core::Stream;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncSeekExt as _, ReadBuf};

/// The number of bytes to read at once. Each read of a file goes to another thread, so a large number keeps the cost low.
const AT_ONCE: usize = 256 << 10;

/// The chunks that a reader returns.
struct Chunks<R> {
    reader: R,
    buffer: Box<[u8]>,
}

impl Media {
    /// Creates media of this type that is read as it is sent. Needs the feature `tokio`.
    ///
    /// As with [`stream`](Self::stream), its length is unknown unless [`length`](Self::length) says it, and it can be sent
    /// once.
    ///
    /// ```no_run
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi_runtime::Media;
    ///
    /// // The output of another program.
    /// let mut dump = tokio::net::TcpStream::connect("localhost:9000").await?;
    /// let media = Media::reader("application/octet-stream", dump);
    /// # Ok(())
    /// # }
    /// ```
    pub fn reader(
        content_type: impl Into<String>,
        reader: impl AsyncRead + Unpin + Send + 'static,
    ) -> Self {
        Self::stream(content_type, Chunks::new(reader))
    }

    /// Creates media of this type from a file, which is read as it is sent. Needs the feature `tokio`.
    ///
    /// The file is opened again each time that it is sent or that an upload continues. Its length is the current one: if it
    /// changes later, the upload fails.
    ///
    /// ```no_run
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi_runtime::Media;
    ///
    /// let media = Media::file("video/mp4", "film.mp4").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Fails if the file does not exist, or if its metadata cannot be read.
    pub async fn file(
        content_type: impl Into<String>,
        path: impl Into<PathBuf>,
    ) -> io::Result<Self> {
        let path = path.into();
        let length = tokio::fs::metadata(&path).await?.len();
        let open = move |position| {
            let path = path.clone();
            async move {
                let mut file = File::open(path).await?;
                file.seek(io::SeekFrom::Start(position)).await?;
                Ok::<_, io::Error>(Box::pin(Chunks::new(file)) as Input)
            }
        };
        Ok(Self::reopenable(content_type, open).length(length))
    }
}

impl<R> Chunks<R> {
    fn new(reader: R) -> Self {
        Self {
            reader,
            buffer: vec![0; AT_ONCE].into_boxed_slice(),
        }
    }
}

impl<R: AsyncRead + Unpin> Stream for Chunks<R> {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let mut read = ReadBuf::new(&mut this.buffer);
        ready!(Pin::new(&mut this.reader).poll_read(context, &mut read))?;
        let chunk = read.filled();
        Poll::Ready((!chunk.is_empty()).then(|| Ok(Bytes::copy_from_slice(chunk))))
    }
}
