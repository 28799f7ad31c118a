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
INSERT INTO "conversations" VALUES('93e5a0f46038be45bdf3794c2e5c7595','web','nl','ask',0,NULL,'2026-11-22 12:00:00.123456','2026-11-22 12:00:00.123456','gAAAAABrAySe_8iOhADPPtYDDKvBvl6n3asvuAkiMX7UME_aHW00KlgSOJ3Pedq2Z-GAMvsYr_qjn-oJQfdE-BQvt7wSNoApilbH0ab5oqT3P8qVAfwWOXEmLoNawDScV3oyHBYqVnhQ7wR4As5m2GluHmbaOUMykWWRXYVhUuIbpoYXs8EFrJP_48s7Cb-6mxr2bGX5m9W37DVfTkHZZ6OYqzhBBvtDaE0O1SMIi_40pBwAFUpLwYn90lZv24xNvWjyww5U_jjywI660xINWvrMawSaUYcjMxbdiwDsbfwuTVz7GFLMMaBHGC3KFqq_B8JDPCVhPnpjtxniLmaLeSxOh6hrVl1ZXE9fYk-n_9127_IfCcjZOpPPip1oMrq4GrIqvKvgHPgHc-LhNgrWI4Tw5wd73TYuv0quz2JPwo_7ZUfwVjFgeuD8msyu4YGB2nGERimx6OoixjgERBZrq_rdiCyfvVlHmQfr5BsqtIjpqWtC0WhNz1lVMX5d1yWe3N5wDUV4xggMijHEjoLJ-v1hLKTzM2REwR18qa59PGNNfVrSa2eJfNnWIE5IN7tBIdTgnbDQVhORAjIyaoH8b8VPUEWsOjrQvw==');
CREATE TABLE handled (
	event_hash VARCHAR(32) NOT NULL, 
	chat_hash VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	body TEXT, 
	CONSTRAINT pk_handled PRIMARY KEY (event_hash)
)
 WITHOUT ROWID

;
INSERT INTO "handled" VALUES('300c93dfaee0b146edaf3cc7ef035a3c','93e5a0f46038be45bdf3794c2e5c7595','2026-11-22 12:00:00.123456',NULL);
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
INSERT INTO "leads" VALUES('KX7M','93e5a0f46038be45bdf3794c2e5c7595','3c52e47edc2af1eb47353ef53e9c6a86','web','nl','new','both','municipality','2026-11-22 12:00:00.123456','2026-11-22 12:00:00.123456',NULL,'2026-11-22 12:00:00.123456','2026-11','nl','gAAAAABrAySeS7xQjKTdRZD45jNhTbm3rMjy_7H13fu1au8r8AMt9X3dSjgpbHeg248EviKVoXYFAqiNSqa_zlfJe39wkv-LdHI1lz4f6X-c70f_ipLptuc7ODeNgQhtJc0eFjCZaco8rdxXkJjhbmTC_zoupN5Im4n76CkRW03Sp6UpDhydMGauVTlE4FD8xkeFsEZDGl0vnXkMTWMbIJutXy0Sj4EnLTxE8xgdAIdrRqerD_CfN23dTu_T_1mVaCnGSAbjeTQYvKehCAIanNIFQHwrlDj7DhYImt8DrJxxykj476_09oYmuU8QqPDGv5sL7CUfcrdT-poM6MV_aK-w_4TA1GOfc_LiO5pVRFobIwr58vbSlWFMXD72jFEK0RfvOXfMSFiM-DMz89pP5777mB8kElY-eqT6FD9TEvhJGMrhiRoodLo=');
CREATE TABLE meta (
	name VARCHAR NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_meta PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('hash-key','gAAAAABrAySdpEnpTjbB6XWshvywlM-XhQLsx9VYD2ZARS431pZxcy4xlTqI9zcFZysFFUJTVW8V8PkJo0v6deZ5ze0tP793Zos6r6-ZrAk92rtzO6M0fXEKUPhkA-7U0aGpoybI1_8G8zs-Bg4_0LYlbjl3nar0MseIKxXrOoTQVAwnil3IDJI=');
CREATE TABLE notices (
	staff_hash VARCHAR(32) NOT NULL, 
	message_id BIGINT NOT NULL, 
	chat_hash VARCHAR(32) NOT NULL, 
	lead VARCHAR, 
	question VARCHAR, 
	data TEXT NOT NULL, 
	CONSTRAINT pk_notices PRIMARY KEY (staff_hash, message_id)
);
INSERT INTO "notices" VALUES('a82bbe4ee0ad48e357a8853ff3534bdc',5,'93e5a0f46038be45bdf3794c2e5c7595','KX7M',NULL,'gAAAAABrAySeSOEkeL0DtjJCmRwqORWJzfjeMn3SaPbPhouuj4aUE0jBqWCpJAeua5V9L74n0bPNy3fqbg1YPC_MyTpub0oFTVF5RVuGmnJyTBrb3CoULxrxcLcsjzDiwzGt_B9eGp_e');
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
INSERT INTO "outgoing" VALUES(1,'55ddbeb7b58b4171eeaf3e367ba0ebc3','telegram','458a132aab0cf51b',0,'waiting','2026-11-22 12:00:00.123456',NULL,NULL,0,NULL,NULL,NULL,'gAAAAABrAySe7_rkRxh_i9XS93gcRewtdy34kHUiCG39BSKJA1HTM9l4h779Pe10XssZZnsw-O-rgyvSU_HtiEVsJUY95tn2EhQkFp6TWin-8DntcdrHRBRwJP2dzB_AJpBMrIhR4vZWkdlGOnrQkeBdaJ8Jtp4WK-WIuLzPEt0ryAJZBh8Um6EVG8yYF-bdXt9aRWfSSA8D',NULL,NULL);
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
INSERT INTO "questions" VALUES(1,'nl','2026-11-22 12:00:00.123456','gAAAAABrAySehc9h1YO13x1GWOEwuOxSsSlfF8aLq2eCwW3Qddd6s3jB8D69ovzYYQsy8Insef7ny_oFdsn9RRgeWMrKC0uHY3GXJXmGENjrRJdLeJVDfKjLu6nCnvSQRwlcfqTRV3QC');
CREATE TABLE transcript (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	chat_hash VARCHAR(32) NOT NULL, 
	author VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	data TEXT NOT NULL
);
INSERT INTO "transcript" VALUES(1,'93e5a0f46038be45bdf3794c2e5c7595','person','2026-11-22 12:00:00.123456','gAAAAABrAySeZF7qS8m7q-dcn7HyUdr2lsyIeNWISRDRN-wUVDhp4P0t55BuEofdx4beFv3a2lvT7bcTMoRbQLjnetdwLQXdzQ==');
CREATE INDEX ix_handled_chat_hash ON handled (chat_hash) WHERE body IS NOT NULL;
CREATE INDEX ix_leads_chat_hash ON leads (chat_hash);
CREATE INDEX ix_leads_created_at ON leads (created_at);
CREATE INDEX ix_leads_email_hash ON leads (email_hash);
CREATE INDEX ix_notices_chat_hash ON notices (chat_hash);
CREATE INDEX ix_notices_lead ON notices (lead);
CREATE INDEX ix_outgoing_chat_hash ON outgoing (chat_hash) WHERE chat_hash IS NOT NULL;
CREATE INDEX ix_outgoing_lead ON outgoing (lead) WHERE lead IS NOT NULL;
CREATE INDEX ix_outgoing_waiting ON outgoing (lane_hash) WHERE status = 'waiting';
CREATE INDEX ix_transcript_chat_hash_id ON transcript (chat_hash, id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('transcript',1);
INSERT INTO "sqlite_sequence" VALUES('questions',1);
INSERT INTO "sqlite_sequence" VALUES('outgoing',1);
COMMIT;
