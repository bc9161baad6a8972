//! What a process left on the disk, read as the next process would: through the core, and for what the core does not
//! show, through SQLite.

use crate::till::Sold;
use paylink_core::Paylink;
use paylink_core::account::Ports;
use paylink_core::clock::SystemClock;
use paylink_core::link::{EventKind, LinkStatus};
use paylink_e2e::{MemoryStore, config, honey};
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A data directory that another process has left, opened again.
pub struct Books {
    core: Paylink,
    file: PathBuf,
}

impl Books {
    /// Opens the core where a process was killed: the lock is free again and the database whole.
    pub fn open(folder: &Path) -> Self {
        // Nothing happens by itself in this core: what is read is what the killed process left.
        let ports = Ports { secure_store: Arc::new(MemoryStore::default()), token_source: None };
        let clock = Arc::new(SystemClock::default());
        let core = Paylink::open_unscheduled(&config(folder, "http://127.0.0.1:9"), ports, clock).unwrap();
        Self { core, file: folder.join("paylink.db") }
    }

    /// Every answered sale is there: queued, with its lines, its event and its entry; nothing is there by half; and
    /// the references that the core made have no hole.
    pub fn hold(&self, sales: &[Sold]) {
        for sale in sales {
            let detail = self.core.detail(sale.id).unwrap_or_else(|error| panic!("{sale:?} is lost: {error}"));
            assert_eq!(detail.link.reference, sale.reference);
            assert_eq!(detail.link.status, LinkStatus::Queued, "{sale:?}");
            assert_eq!(detail.link.amount.minor(), 38_750);
            assert_eq!(detail.items.len(), 2);
            assert_eq!(
                detail.timeline.iter().filter_map(|event| event.kind.known()).collect::<Vec<_>>(),
                [EventKind::Saved]
            );
        }
        let orders = self.orders();
        assert_eq!(usize::try_from(self.core.pending().unwrap().queued).unwrap(), orders);

        let db = self.database();
        assert_eq!(db.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)).unwrap(), "ok");
        assert_eq!(count(&db, "SELECT count(*) FROM entries WHERE operation = 'create' AND state = 'queued'"), orders);
        assert_eq!(count(&db, "SELECT count(DISTINCT order_id) FROM entries"), orders);
        assert_eq!(count(&db, "SELECT count(DISTINCT order_id) FROM events"), orders);

        let mut numbers: Vec<usize> = db
            .prepare("SELECT reference FROM orders")
            .unwrap()
            .query_map([], |row| row.get::<_, String>(0))
            .unwrap()
            .map(|reference| reference.unwrap().rsplit('-').next().unwrap().parse().unwrap())
            .collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=orders).collect::<Vec<_>>(), "the references have holes");
    }

    /// Saves one more sale: it takes the number after the last that was saved.
    pub fn sell(&self) -> Sold {
        let link = self.core.create(&honey()).unwrap();
        Sold { id: link.id, reference: link.reference }
    }

    /// How many orders there are.
    pub fn orders(&self) -> usize {
        count(&self.database(), "SELECT count(*) FROM orders")
    }

    fn database(&self) -> Connection {
        Connection::open_with_flags(&self.file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
    }
}

fn count(db: &Connection, sql: &str) -> usize {
    db.query_row(sql, [], |row| row.get::<_, u32>(0)).unwrap().try_into().unwrap()
}
