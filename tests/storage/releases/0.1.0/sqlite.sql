BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE conversations (
	chat_hash VARCHAR(32) NOT NULL, 
	channel VARCHAR NOT NULL, 
	language VARCHAR NOT NULL, 
	state VARCHAR, 
	misses INTEGER NOT NULL, 
	marks TEXT, 
	draft_at DATETIME, 
	updated_at DATETIME, 
	data TEXT, 
	CONSTRAINT pk_conversations PRIMARY KEY (chat_hash)
);
INSERT INTO "conversations" VALUES('61cd36229d4d11b76f67b7d51c7397ba','web','nl','ask',0,NULL,'2026-11-22 12:00:00.123456','2026-11-22 12:00:00.123456','gAAAAABrAyqnbgJhyslk2o6MPZxJe--7Ccz-vI1Swti5b0kYc5JydNQ-ogVcbl0EHtnjs7IMSlR7bwmGq9ta7M1GWF5axGTz92chx5_6aZi0KnvIYkZ45MBL30_9XJLIlpVi2Z2HbvHD9fOunRCz-cZRwp4kyFodhAM5MGhWEVqIjPILT3evSuxnlUvYZn-Bj0dqmefRnjz7I2-r64gfef5QbmePuiZ6Fxfl7mNguPQYBkurZRVbjvkFL1dlRE3cJ6PMKacoK-EasO57st8yHAoQ1pdT8pwoQGwiM1t_bqEzpanCeYQ8OJu08do67mH1ctv7-LR_R7lpn9WwQHrfKoSW3apUBYn13zj37wyij50oeU4S25qTxXVK5tB5DML1RFF5K0URAJX-7xZpMxgmr7KApQqst9bSEogI8L23_hVJjCFKnDdIO2ND-_3v-WmpIlbd0cbEYVXeS-n92N_kUFPVS8p5bQyYLB0WltNFEK3mvUMx76yJxzDK0f76S8rnsXrN4KugwULDGmerF_Wf0hbdwaUD69u5U5XSjSnU_kXbP2G5NeQLvuFcz1-4KFGCsextXPYBgMm717xzZhQ3L_nDTrMMUtZauQ==');
CREATE TABLE handled (
	event_hash VARCHAR(32) NOT NULL, 
	chat_hash VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	body TEXT, 
	CONSTRAINT pk_handled PRIMARY KEY (event_hash)
)
 WITHOUT ROWID

;
INSERT INTO "handled" VALUES('5e5c804e8e34c90aa8e565acb2e6e979','61cd36229d4d11b76f67b7d51c7397ba','2026-11-22 12:00:00.123456',NULL);
CREATE TABLE leads (
	reference VARCHAR NOT NULL, 
	chat_hash VARCHAR(32) NOT NULL, 
	email_hash VARCHAR(32), 
	channel VARCHAR NOT NULL, 
	language VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	interest VARCHAR, 
	organisation_type VARCHAR, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	status_at DATETIME, 
	consent_at DATETIME NOT NULL, 
	consent_version VARCHAR NOT NULL, 
	consent_language VARCHAR NOT NULL, 
	data TEXT NOT NULL, 
	CONSTRAINT pk_leads PRIMARY KEY (reference)
);
INSERT INTO "leads" VALUES('KX7M','61cd36229d4d11b76f67b7d51c7397ba','caeeab0c45d055a6bf428e886c882e78','web','nl','new','both','municipality','2026-11-22 12:00:00.123456','2026-11-22 12:00:00.123456',NULL,'2026-11-22 12:00:00.123456','2026-11','nl','gAAAAABrAyqnk16yzZIwNKAvOAYT4xH6bn81mRL4ur5wXkyDv_9WwS8jLyOGwvkiqDODAEZDqfCjRvJY9-EZbo-ibRB9lPyxcWyMImzOklYuwGyMye_240ZJ3MUWNGzkRjQ2Lo73-Pf6xl3q9GUztJM7eNCBRKXocU4keI90heRjwDGyQT-hP5tQhhDJnj0uAjStY8IgtS3CFY5ZVvLmFuM31HeH29KQuom3OvOJ78lG_f11UWKQ-FL2PhjomWeBX-a2LGQ7ysGePzFBBDgvRzF9M0WVLjFJQvog9IFrc0PxJ5Fj_bggMi0-PFM9MBun2uejhi45NQ2SVeGJTOjcCTpUD5-_keN4tdJZ4Zs69WlaoIWaTjNaH3pk5j8jXSJg1arVRUh9z0SK6v5IK34BbM6OgCepPnJayG0FL9MRjYEhVyrlZs5gOMs=');
CREATE TABLE meta (
	name VARCHAR NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_meta PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('hash-key','gAAAAABrAyqnV36xnV2X1R7NJqDnF79pcCTQWJ9Rijgm83uJ2VEabUabB1NZthhbQ4-CiEslBlhFFJCe-_NlwgaOsn6JRAkqze6q7PZVFGvEPBWirluhmqT9fIHJReKpbNPx9HM-yj7VALW2xEz2LODUZ0PGtzvvuAhT_TCJnmkCVkYqTr6ImVo=');
CREATE TABLE notices (
	staff_hash VARCHAR(32) NOT NULL, 
	message_id BIGINT NOT NULL, 
	chat_hash VARCHAR(32) NOT NULL, 
	lead VARCHAR, 
	question VARCHAR, 
	data TEXT NOT NULL, 
	CONSTRAINT pk_notices PRIMARY KEY (staff_hash, message_id)
);
INSERT INTO "notices" VALUES('0d82f499273098675372bdada8d1f97a',5,'61cd36229d4d11b76f67b7d51c7397ba','KX7M',NULL,'gAAAAABrAyqnDMNSEttIt4kK8pWkDc-TUJnUdXzvdk-zrHgFRDAAoWHc8GlT6MzCtT4ChFIwzanikW-owd-edQYHpV8zRai5NSK4pFXRsEWZq1wdKwM4XEX8YSu5tJo9w3yZCr1T_63O');
CREATE TABLE outgoing (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	lane_hash VARCHAR(32) NOT NULL, 
	kind VARCHAR NOT NULL, 
	owner VARCHAR NOT NULL, 
	assigned BOOLEAN NOT NULL, 
	status VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	due_at DATETIME, 
	done_at DATETIME, 
	attempts INTEGER NOT NULL, 
	chat_hash VARCHAR(32), 
	lead VARCHAR, 
	question VARCHAR, 
	data TEXT NOT NULL, 
	error TEXT, 
	receipt TEXT
);
INSERT INTO "outgoing" VALUES(1,'5e4f654d3b411c778178082f0173097a','telegram','ca0eae2a1b5beb7b',0,'waiting','2026-11-22 12:00:00.123456',NULL,NULL,0,NULL,NULL,NULL,'gAAAAABrAyqnQMoE4G8ABk8RhRiNnGdAlhccn4XwcTQqfqTFxQP4-iKVp21ZfNKxZtX_6_RFALniTahRr2vJiSUsPcxLOp-YGK1PKWldFCJRX3YpgtnouN85ZeVGVGL3W4fYxULTw2AgicuWHZ_0zstiwLraNpV8nVfFuCkDqw4XPG7-H8HLF-Xi-3Zt7DEt1RQWhL2M4CoT',NULL,NULL);
CREATE TABLE processes (
	owner VARCHAR NOT NULL, 
	seen_at DATETIME NOT NULL, 
	CONSTRAINT pk_processes PRIMARY KEY (owner)
);
CREATE TABLE questions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	language VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	data TEXT NOT NULL
);
INSERT INTO "questions" VALUES(1,'nl','2026-11-22 12:00:00.123456','gAAAAABrAyqnHqmcbZw9tQz3MPphqwvKi0jdBuQTJzI9VTgCHWMrN8fNcwC4pglIHAVBxVrDR_I9L3O0xIrGApNATPpuvz6DaD3NOLtR-GotVl6d6DhaZpwFRELH7jRXtha-jeIuWzfz');
CREATE TABLE transcript (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	chat_hash VARCHAR(32) NOT NULL, 
	author VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	data TEXT NOT NULL
);
INSERT INTO "transcript" VALUES(1,'61cd36229d4d11b76f67b7d51c7397ba','person','2026-11-22 12:00:00.123456','gAAAAABrAyqn9PCCWbGhI-w_txSSfiAFOcWYmxXjEU17mIcvSf2te7JxhDA28qJ73-XbByOhVdhj_zFuZLpieDfZBn3_ST04cw==');
CREATE INDEX ix_handled_chat_hash ON handled (chat_hash) WHERE body IS NOT NULL;
CREATE INDEX ix_leads_chat_hash ON leads (chat_hash);
CREATE INDEX ix_leads_created_at ON leads (created_at);
CREATE INDEX ix_leads_email_hash ON leads (email_hash);
CREATE INDEX ix_notices_chat_hash ON notices (chat_hash);
CREATE INDEX ix_notices_lead ON notices (lead);
CREATE INDEX ix_outgoing_chat_hash ON outgoing (chat_hash) WHERE chat_hash IS NOT NULL;
CREATE INDEX ix_outgoing_failed ON outgoing (id) WHERE status = 'failed';
CREATE INDEX ix_outgoing_lead ON outgoing (lead) WHERE lead IS NOT NULL;
CREATE INDEX ix_outgoing_waiting ON outgoing (lane_hash) WHERE status = 'waiting';
CREATE INDEX ix_transcript_chat_hash_id ON transcript (chat_hash, id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('transcript',1);
INSERT INTO "sqlite_sequence" VALUES('questions',1);
INSERT INTO "sqlite_sequence" VALUES('outgoing',1);
COMMIT;
