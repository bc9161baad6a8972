-- When time alone turns the status into `expired`; null for a link that time does not change.
ALTER TABLE orders ADD COLUMN ends_at INTEGER;
CREATE INDEX orders_ending ON orders (created_at DESC, id DESC, ends_at) WHERE ends_at IS NOT NULL;
CREATE INDEX orders_paid ON orders (paid_at) WHERE paid_at IS NOT NULL;

-- What a search looks through, many orders a row: adr/0007. The column `search` of orders is empty since.
CREATE TABLE searches (
  block INTEGER PRIMARY KEY,
  keys  TEXT NOT NULL
) STRICT;
