//! Output files that get their names when they are complete.
//!
//! What is written goes to a hidden file in the same folder, packed by the
//! final name's ending; [`NewFile::finish`] gives it that name in one step. A
//! file that is not finished is removed again, so a full disk or an interruption
//! leaves nothing half-written that looks whole. Where the name is a link's, the
//! file that it leads to is replaced, if there is one; pipes and devices cannot be, so they are
//! written to as they are.
//!
//! An output of many pages is on the disk before it has its name. For a file of
//! one page that would cost more than cleaning it; like copies made with `cp`,
//! the last of those may be lost or empty after a crash of the whole machine.

use std::env;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::NamedTempFile;

use crate::source::Packing;

type Buffer = BufWriter<Target>;

/// What the bytes go to.
enum Target {
    /// A file that waits for its name.
    Waiting(NamedTempFile),
    /// A pipe or device.
    Special(File),
}

impl Target {
    /// A target for `path`, where `there` is what stands now.
    fn new(path: &Path, there: Option<fs::FileType>) -> io::Result<Target> {
        if there.is_some_and(|there| !there.is_file() && !there.is_dir()) {
            return Ok(Target::Special(File::options().write(true).open(path)?));
        }
        let folder = path.parent().unwrap_or(Path::new("/"));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".bodycopy-").suffix(".part");
        #[cfg(unix)]
        {
            // What the umask leaves of it, as for any new file.
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let file = builder.tempfile_in(folder).or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => fs::create_dir_all(folder).and_then(|()| builder.tempfile_in(folder)),
            _ => Err(error),
        });
        file.map(Target::Waiting)
    }
}

/// The path from the root on, of the file itself where the name is a link's that
/// leads to one, and what stands there now. The working folder is asked for once
/// and not for every file.
fn place(path: &Path) -> (PathBuf, Option<fs::FileType>) {
    static HERE: OnceLock<PathBuf> = OnceLock::new();
    let there = fs::symlink_metadata(path).ok().map(|there| there.file_type());
    if there.is_some_and(|there| there.is_symlink()) {
        let there = fs::metadata(path).ok().map(|there| there.file_type());
        return (fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()), there);
    }
    (HERE.get_or_init(|| env::current_dir().unwrap_or_else(|_| ".".into())).join(path), there)
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Target::Waiting(file) => file.write(bytes),
            Target::Special(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Target::Waiting(file) => file.flush(),
            Target::Special(file) => file.flush(),
        }
    }
}

enum Packer {
    Plain(Buffer),
    Gzip(GzEncoder<Buffer>),
    Zstd(zstd::Encoder<'static, Buffer>),
}

/// A file that is not there yet.
pub struct NewFile {
    path: PathBuf,
    packer: Packer,
}

impl NewFile {
    /// Starts a file, and makes its folder where there is none.
    pub fn new(path: &Path) -> io::Result<NewFile> {
        let packing = Packing::of(path);
        let (path, there) = place(path);
        let buffer = BufWriter::with_capacity(1 << 16, Target::new(&path, there)?);
        let packer = match packing {
            Packing::Plain => Packer::Plain(buffer),
            Packing::Gzip => Packer::Gzip(GzEncoder::new(buffer, Compression::default())),
            Packing::Zstd => Packer::Zstd(zstd::Encoder::new(buffer, zstd::DEFAULT_COMPRESSION_LEVEL)?),
        };
        Ok(NewFile { path, packer })
    }

    /// Gives the file its name, in place of any that had it, once it is on the
    /// disk.
    pub fn finish(self) -> io::Result<()> {
        self.name(true)
    }

    fn name(self, on_disk: bool) -> io::Result<()> {
        let buffer = match self.packer {
            Packer::Plain(buffer) => buffer,
            Packer::Gzip(encoder) => encoder.finish()?,
            Packer::Zstd(encoder) => encoder.finish()?,
        };
        match buffer.into_inner().map_err(io::IntoInnerError::into_error)? {
            Target::Waiting(file) => {
                if on_disk {
                    file.as_file().sync_data()?;
                }
                file.persist(&self.path).map_err(|error| error.error)?;
            }
            Target::Special(mut file) => file.flush()?,
        }
        Ok(())
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.packer {
            Packer::Plain(writer) => writer.write(bytes),
            Packer::Gzip(writer) => writer.write(bytes),
            Packer::Zstd(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.packer {
            Packer::Plain(writer) => writer.flush(),
            Packer::Gzip(writer) => writer.flush(),
            Packer::Zstd(writer) => writer.flush(),
        }
    }
}

/// Writes a file of one page whole or not at all.
pub fn write<T>(path: &Path, write: impl FnOnce(&mut NewFile) -> io::Result<T>) -> io::Result<T> {
    let mut file = NewFile::new(path)?;
    let written = write(&mut file)?;
    file.name(false)?;
    Ok(written)
}
