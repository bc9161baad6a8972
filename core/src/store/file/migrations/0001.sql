-- Small facts of the database itself: account, tag, counters, cached profile, provider abilities.
CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- What was sold. `body` is the order as versioned JSON and never changes; the rest is what became of it.
CREATE TABLE orders (
  id          TEXT    PRIMARY KEY,
  reference   TEXT    NOT NULL UNIQUE,
  created_at  INTEGER NOT NULL,
  body        TEXT    NOT NULL,
  search      TEXT    NOT NULL,
  status      TEXT    NOT NULL,
  session_id  TEXT,
  given_up_at INTEGER,
  delivered   TEXT    NOT NULL,
  shared      TEXT,
  opened_at   INTEGER,
  paid_at     INTEGER,
  watch_until INTEGER,
  watch_at    INTEGER
) STRICT;
CREATE INDEX orders_by_time ON orders (created_at DESC, id DESC);
CREATE INDEX orders_by_status ON orders (status, created_at DESC);
CREATE INDEX orders_watched ON orders (watch_at) WHERE watch_at IS NOT NULL;

-- The outbox: one row per operation at the provider.
CREATE TABLE entries (
  id              TEXT    PRIMARY KEY,
  order_id        TEXT    NOT NULL REFERENCES orders (id),
  operation       TEXT    NOT NULL,
  payload         TEXT    NOT NULL,
  state           TEXT    NOT NULL,
  reason          TEXT,
  attempts        INTEGER NOT NULL DEFAULT 0,
  created_at      INTEGER NOT NULL,
  first_sent_at   INTEGER,
  last_sent_at    INTEGER,
  sent_time_known INTEGER NOT NULL DEFAULT 1,
  unclear         INTEGER NOT NULL DEFAULT 0,
  absent_at       INTEGER,
  next_attempt_at INTEGER NOT NULL,
  wait_ms         INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX entries_open ON entries (state, next_attempt_at)
  WHERE state NOT IN ('done', 'superseded');
CREATE INDEX entries_by_order ON entries (order_id, created_at);

-- Sessions at the provider that are ours, with what the provider said last.
CREATE TABLE sessions (
  id           TEXT    PRIMARY KEY,
  order_id     TEXT    NOT NULL REFERENCES orders (id),
  entry_id     TEXT    NOT NULL REFERENCES entries (id),
  url          TEXT    NOT NULL,
  created_at   INTEGER NOT NULL,
  facts        TEXT    NOT NULL,
  transaction_ TEXT,
  read_at      INTEGER,
  changed_at   INTEGER NOT NULL,
  next_poll_at INTEGER
) STRICT;
CREATE INDEX sessions_by_order ON sessions (order_id);
CREATE INDEX sessions_due ON sessions (next_poll_at) WHERE next_poll_at IS NOT NULL;

-- The timeline. A key is stored once per order; the cursor grows without end.
CREATE TABLE events (
  cursor   INTEGER PRIMARY KEY AUTOINCREMENT,
  order_id TEXT    NOT NULL REFERENCES orders (id),
  at       INTEGER NOT NULL,
  kind     TEXT    NOT NULL,
  key      TEXT    NOT NULL,
  data     TEXT    NOT NULL,
  UNIQUE (order_id, key)
) STRICT;
