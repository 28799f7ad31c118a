CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.conversations (
    chat_hash character varying(32) NOT NULL,
    channel character varying NOT NULL,
    language character varying NOT NULL,
    state character varying,
    misses integer NOT NULL,
    marks text,
    draft_at timestamp with time zone,
    updated_at timestamp with time zone,
    data text
);
CREATE TABLE public.handled (
    event_hash character varying(32) NOT NULL,
    chat_hash character varying(32) NOT NULL,
    at timestamp with time zone NOT NULL,
    body text
);
CREATE TABLE public.leads (
    reference character varying NOT NULL,
    chat_hash character varying(32) NOT NULL,
    email_hash character varying(32),
    channel character varying NOT NULL,
    language character varying NOT NULL,
    status character varying NOT NULL,
    interest character varying,
    organisation_type character varying,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    status_at timestamp with time zone,
    consent_at timestamp with time zone NOT NULL,
    consent_version character varying NOT NULL,
    consent_language character varying NOT NULL,
    data text NOT NULL
);
CREATE TABLE public.meta (
    name character varying NOT NULL,
    value text NOT NULL
);
CREATE TABLE public.notices (
    staff_hash character varying(32) NOT NULL,
    message_id bigint NOT NULL,
    chat_hash character varying(32) NOT NULL,
    lead character varying,
    question character varying,
    data text NOT NULL
);
CREATE TABLE public.outgoing (
    id bigint NOT NULL,
    lane_hash character varying(32) NOT NULL,
    kind character varying NOT NULL,
    owner character varying NOT NULL,
    assigned boolean NOT NULL,
    status character varying NOT NULL,
    created_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone,
    done_at timestamp with time zone,
    attempts integer NOT NULL,
    chat_hash character varying(32),
    lead character varying,
    question character varying,
    data text NOT NULL,
    error text,
    receipt text
);
CREATE SEQUENCE public.outgoing_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.outgoing_id_seq OWNED BY public.outgoing.id;
CREATE TABLE public.processes (
    owner character varying NOT NULL,
    seen_at timestamp with time zone NOT NULL
);
CREATE TABLE public.questions (
    id bigint NOT NULL,
    language character varying NOT NULL,
    at timestamp with time zone NOT NULL,
    data text NOT NULL
);
CREATE SEQUENCE public.questions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.questions_id_seq OWNED BY public.questions.id;
CREATE TABLE public.transcript (
    id bigint NOT NULL,
    chat_hash character varying(32) NOT NULL,
    author character varying NOT NULL,
    at timestamp with time zone NOT NULL,
    data text NOT NULL
);
CREATE SEQUENCE public.transcript_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.transcript_id_seq OWNED BY public.transcript.id;
ALTER TABLE ONLY public.outgoing ALTER COLUMN id SET DEFAULT nextval('public.outgoing_id_seq'::regclass);
ALTER TABLE ONLY public.questions ALTER COLUMN id SET DEFAULT nextval('public.questions_id_seq'::regclass);
ALTER TABLE ONLY public.transcript ALTER COLUMN id SET DEFAULT nextval('public.transcript_id_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('0001');
INSERT INTO public.conversations VALUES ('c521bb51ba9726a7ac6d5711bed901c3', 'web', 'nl', 'ask', 0, NULL, '2026-11-22 12:00:00.123456+00', '2026-11-22 12:00:00.123456+00', 'gAAAAABrAySgmXD74XtuZmYJtdwgm8nPGI9dO5VgTzqwBx9fssP_g4aNGq5Y2jxOwwsZmG635OJEUR6Le41cqcekp4Q0risUtF_ukiDHI6majPSr9kDl0W3Wc85QoNPrxDKfa_cRwoghP9CKrJJwtNjZHiMhUjwc9gxqxXSEc8HH-o3fzi_C--7mrw97nEaw99Klhyd67uXzKyuvDksW_odDqX-DyO0KJJjxRA5Ckj5mziZ8YHUMsq5Wz8Vd0EMm59LISzfa5vVT8Milv2QJZ3lsvoxNE3onbcn9kWaKiQ-99irCO17PZaJJAuqzhV0lXO1m33VSbjlLTGNq7z3lM4YOlJI1nVTy1z9tk6hYoSHhAhGc4Mzs3z8l4fen6Pe4WLBqBj_kZqipC6Vjg5tIkHIWx9JTe963LNjAQFFRcTO0XVZFBUMQmvAGP8Spc42josGMktihYkZkNm0u3B5yIzH-BSc4Hrt7PEYF50os0vqk58AS9WmAqwEevmV6ZefijkekHjAjdCjj2e1pRJW7EJoo0BVO3kAGE8CGzwkz37cMx93ynj8rkvfcqM0qt0wAaDDAqZW7U343zYbIhEkrJqeaukCnQPb9vw==');
INSERT INTO public.handled VALUES ('c2567cac0e710a1192ff261b7f9332c5', 'c521bb51ba9726a7ac6d5711bed901c3', '2026-11-22 12:00:00.123456+00', NULL);
INSERT INTO public.leads VALUES ('KX7M', 'c521bb51ba9726a7ac6d5711bed901c3', 'ba7587d5c29ee47bf65e680e17075ae8', 'web', 'nl', 'new', 'both', 'municipality', '2026-11-22 12:00:00.123456+00', '2026-11-22 12:00:00.123456+00', NULL, '2026-11-22 12:00:00.123456+00', '2026-11', 'nl', 'gAAAAABrAySg1Rb-mrCtlBLMjL8tSnXRvBIWSgHmuCGXXtQCkUVTpCAFh44XkYaRpG6Dh328kRpXsQ8K8z4uG6dfzXvsAx3mF5VJI31XW_Q1uGnGtVEaGj31pozmyJLfmo6FarBT20Zz96l4GhYrBP_j0FoGAVbHVSK5OQGi4Yzzcm22l0RqT3uQ14N4qij4RpZkPMmFSC78fklAJ0Ow3XMWg4mzg2xfQuzWpMXfuCFB1TGQmHuRv5Y0XPeZUYrgGAAdD2pG_-LtlgJUrUzR4bPvimArtgNQq-XmUjQ2_8mUcpV3iIIJI-Y1dhH3LYGNGuubF-bvbDoOg9ZSKBvJrd8EPIkym9IIZjvyWShOgYawYIgiIbJ24MSvS-jpvZ7KS8I5xTGo7dkEyKKPVUaTBiCxpWo29ynsVKs2adbPG8HbP3DZTY2ebuM=');
INSERT INTO public.meta VALUES ('hash-key', 'gAAAAABrAySgWcO5KtK8Su9HFvXucL_VGz6rOMh5e5jwIgeqX6QDqEttVs_N911zuDyon0ICiruo1ZXc2U8HHD3iVN8XqEi2K80IH63tC3tcVMAvorNP30C0y1gbIcA_f3F7VQ92QN2og3kZZaV2K8u6s1yw8UTZBnvrIBYal6NCFcGLwIAO0yU=');
INSERT INTO public.notices VALUES ('f57d796b1a0e0b639b82f30bdc98a326', 5, 'c521bb51ba9726a7ac6d5711bed901c3', 'KX7M', NULL, 'gAAAAABrAySgwHtTQKzNf2tk-PLSVwCsFT7VE4MF57lCNmzRH4xhKU5PEjzdwqjuco6h0kf-xG8h4nDG21PknFAiSfKD8cqntdw7VwPX_lpGTBqVBYH5f56HW6gTZw15iaISKpIoXuxd');
INSERT INTO public.outgoing VALUES (1, '1fedf3f1c2609ca3eb81a640bb9927d1', 'telegram', '02f215447ba5b65b', false, 'waiting', '2026-11-22 12:00:00.123456+00', NULL, NULL, 0, NULL, NULL, NULL, 'gAAAAABrAySgPrRYDzRZ8nE0jpsJ8ORT0lCagf9Q8_VZzngi6K8MtP_lapwSzTG-fK7C4C7EoGN3SKc-r21X7RWoZ2hBpipqlCeOYtdG3od49R6W266DO8MGUz1OACmsSBsANtUcO4X2jf7JmEZVnyRxjeSqKh0T7mqAfQDdNWrgxoFwecI7rD3TclXVQN_RU3YywI3K5bxC', NULL, NULL);
INSERT INTO public.questions VALUES (1, 'nl', '2026-11-22 12:00:00.123456+00', 'gAAAAABrAySg24Hn-B29RB47z9Muo9BJfBxhABu2WgouEnI2lYouRENOhxlEFRZHPLMgiKK79BdYElPuBun-qXfvB937fGpq6oZAx1qw0q91OhTLGWN5e5pb5Nshn4ZH-QXOY_PpgVD2');
INSERT INTO public.transcript VALUES (1, 'c521bb51ba9726a7ac6d5711bed901c3', 'person', '2026-11-22 12:00:00.123456+00', 'gAAAAABrAySgOdi0Ra6Z4R8p3XC78y1SdEILdapSZM22NFja4POlDfnB_wqeXilw_fbODk8yd6xG8x_btDPD-eX7zEEpuRAnCg==');
SELECT pg_catalog.setval('public.outgoing_id_seq', 1, true);
SELECT pg_catalog.setval('public.questions_id_seq', 1, true);
SELECT pg_catalog.setval('public.transcript_id_seq', 1, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT pk_conversations PRIMARY KEY (chat_hash);
ALTER TABLE ONLY public.handled
    ADD CONSTRAINT pk_handled PRIMARY KEY (event_hash);
ALTER TABLE ONLY public.leads
    ADD CONSTRAINT pk_leads PRIMARY KEY (reference);
ALTER TABLE ONLY public.meta
    ADD CONSTRAINT pk_meta PRIMARY KEY (name);
ALTER TABLE ONLY public.notices
    ADD CONSTRAINT pk_notices PRIMARY KEY (staff_hash, message_id);
ALTER TABLE ONLY public.outgoing
    ADD CONSTRAINT pk_outgoing PRIMARY KEY (id);
ALTER TABLE ONLY public.processes
    ADD CONSTRAINT pk_processes PRIMARY KEY (owner);
ALTER TABLE ONLY public.questions
    ADD CONSTRAINT pk_questions PRIMARY KEY (id);
ALTER TABLE ONLY public.transcript
    ADD CONSTRAINT pk_transcript PRIMARY KEY (id);
CREATE INDEX ix_handled_chat_hash ON public.handled USING btree (chat_hash) WHERE (body IS NOT NULL);
CREATE INDEX ix_leads_chat_hash ON public.leads USING btree (chat_hash);
CREATE INDEX ix_leads_created_at ON public.leads USING btree (created_at);
CREATE INDEX ix_leads_email_hash ON public.leads USING btree (email_hash);
CREATE INDEX ix_notices_chat_hash ON public.notices USING btree (chat_hash);
CREATE INDEX ix_notices_lead ON public.notices USING btree (lead);
CREATE INDEX ix_outgoing_chat_hash ON public.outgoing USING btree (chat_hash) WHERE (chat_hash IS NOT NULL);
CREATE INDEX ix_outgoing_lead ON public.outgoing USING btree (lead) WHERE (lead IS NOT NULL);
CREATE INDEX ix_outgoing_waiting ON public.outgoing USING btree (lane_hash) WHERE ((status)::text = 'waiting'::text);
CREATE INDEX ix_transcript_chat_hash_id ON public.transcript USING btree (chat_hash, id);
