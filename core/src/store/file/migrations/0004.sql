-- What a seller sells again and again, in the order made by hand: by `place`, with gaps to move things into.
CREATE TABLE items (
  id           TEXT    PRIMARY KEY,
  place        INTEGER NOT NULL,
  description  TEXT    NOT NULL,
  number       TEXT    NOT NULL,
  price        INTEGER NOT NULL,
  currency     TEXT    NOT NULL,
  vat          INTEGER NOT NULL,
  favourite    INTEGER NOT NULL,
  sold         INTEGER NOT NULL DEFAULT 0,
  last_sold_at INTEGER
) STRICT;
CREATE INDEX items_in_order ON items (place);
CREATE UNIQUE INDEX items_by_number ON items (number) WHERE number <> '';

-- Who bought, apart from the orders. One is known again by the telephone number, else by the address of mail, else, where
-- neither was ever given, by the name: `email_key` and `name_key` are what is compared.
CREATE TABLE customers (
  row       INTEGER PRIMARY KEY,
  id        TEXT    NOT NULL UNIQUE,
  name      TEXT,
  phone     TEXT,
  email     TEXT,
  email_key TEXT,
  name_key  TEXT,
  orders    INTEGER NOT NULL,
  last_at   INTEGER NOT NULL,
  look_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX customers_by_phone ON customers (phone) WHERE phone IS NOT NULL;
CREATE INDEX customers_by_email ON customers (email_key, last_at) WHERE email_key IS NOT NULL;
CREATE INDEX customers_by_name ON customers (name_key, last_at) WHERE name_key IS NOT NULL;
CREATE INDEX customers_recent ON customers (last_at DESC, row DESC);
CREATE INDEX customers_due ON customers (look_at);

-- The beginnings by which customers are found.
CREATE TABLE customer_words (
  word     TEXT    NOT NULL,
  customer INTEGER NOT NULL,
  PRIMARY KEY (word, customer)
) STRICT, WITHOUT ROWID;

-- Whose order it is; null for one that names nobody, or nobody any more.
ALTER TABLE orders ADD COLUMN customer_id TEXT;
CREATE INDEX orders_by_customer ON orders (customer_id) WHERE customer_id IS NOT NULL;
