CREATE TABLE blob (
    id text NOT NULL COLLATE pg_catalog."C",
    body bytea NOT NULL
);
CREATE TABLE change (
    version bigint NOT NULL,
    documents text NOT NULL
);
CREATE TABLE document (
    kind text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    account text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    body text NOT NULL
);
CREATE TABLE head (
    version bigint NOT NULL
);
CREATE TABLE metadata (
    key text NOT NULL,
    value text NOT NULL
);
CREATE TABLE record (
    event_id text NOT NULL COLLATE pg_catalog."C",
    account text NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL,
    name text NOT NULL,
    source text NOT NULL,
    region text NOT NULL,
    request_id text NOT NULL,
    read_only boolean NOT NULL,
    "user" text NOT NULL,
    access_key_id text NOT NULL,
    resources text NOT NULL,
    body text NOT NULL
);
INSERT INTO change VALUES (1, '[["thing","id-ana","111122223333",{"id":"id-ana","account":"111122223333","name":"ana","tags":["admin"]}]]');
INSERT INTO change VALUES (2, '[["thing","id-bob","111122223333",{"id":"id-bob","account":"111122223333","name":"bob","tags":[]}]]');
INSERT INTO document VALUES ('thing', 'id-ana', '111122223333', 1, '{"id":"id-ana","account":"111122223333","name":"ana","tags":["admin"]}');
INSERT INTO document VALUES ('thing', 'id-bob', '111122223333', 2, '{"id":"id-bob","account":"111122223333","name":"bob","tags":[]}');
INSERT INTO head VALUES (2);
INSERT INTO metadata VALUES ('schema', '2');
INSERT INTO metadata VALUES ('data_keys', '[{"id":"b4fd0779","sealed":"2GWuIt2VAX00RhvDGCylX2bH8rTH1IsO6EoC1PaL7am/H7ZS86vQ2Up4ToCy/pF9A8J0jlBQbgOPcbPy"}]');
INSERT INTO record VALUES ('e-ana', '111122223333', 1000, 'CreateThing', 'thing.test', 'us-east-1', 'r-1', false, 'ana', 'AKIA', '', '{}');
INSERT INTO record VALUES ('e-bob', '111122223333', 1000, 'CreateThing', 'thing.test', 'us-east-1', 'r-1', false, 'böb', 'AKIA', '', '{}');
ALTER TABLE ONLY blob
    ADD CONSTRAINT blob_pkey PRIMARY KEY (id);
ALTER TABLE ONLY change
    ADD CONSTRAINT change_pkey PRIMARY KEY (version);
ALTER TABLE ONLY document
    ADD CONSTRAINT document_pkey PRIMARY KEY (kind, id);
ALTER TABLE ONLY metadata
    ADD CONSTRAINT metadata_pkey PRIMARY KEY (key);
CREATE UNIQUE INDEX record_at ON record USING btree (account, at, event_id);
