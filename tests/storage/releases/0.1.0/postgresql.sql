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
INSERT INTO public.conversations VALUES ('eda73978cce94265c576f36b4c9742f9', 'web', 'nl', 'ask', 0, NULL, '2026-11-22 12:00:00.123456+00', '2026-11-22 12:00:00.123456+00', 'gAAAAABrAyqpgW_2LflWtQsD4hntsjJs-I92EmhvFrtTyXzh1ON8F0_b1squflnVUTOpzLvxDhkiSxO1RUAp2ntj29OXPPhU3P40QHDXc6x6k8esSiS1Y7yFgelsoHr5IC_PAdwsV6aTXpyzboUqe_AWJduiTN0OpfZUk89nlJQOh5n8xX3KeXKKRKtODIcuxEOsQbCBKrZ5BXiVDu2gs5gRRjPwKFe7o862PogcoUiHUbUW4YjZDue9yv9vAc0NwiDfPv4y-G4jrw4oIxi4_9VZbDZZgW9_Mv1UAWCjQ6ewlEyYTaaWtZ0uyUV0aiA_MoH9Geqfu6jO_RlAV8vy4Pq5ow_JKqr5EheCi9Mj7s5qf5zkf8ElBIXNbWZDC8RzLUUWuc5T1FcSSKkdrrMB5e3SfI7n3_yvSA0ECk5YajpYWj_TpcGL7rLAbI8DkT1EFg2pVhHgY0i1hE1tk5oF_tF_VZliTvDu2JgtEvl3p2ua0-IZmPN840OheAh5orYFRgu5roDikFrpRej0Ga9usjzOAoND934PnUTacF207oAV01UO2Hwargz9CGeIs2lSZenwv1M7dZMGhYsXiYCeOOO528JaY7QMxg==');
INSERT INTO public.handled VALUES ('f660db38fb3fc277b53c96f48f92fac3', 'eda73978cce94265c576f36b4c9742f9', '2026-11-22 12:00:00.123456+00', NULL);
INSERT INTO public.leads VALUES ('KX7M', 'eda73978cce94265c576f36b4c9742f9', 'cdb470e608a2454dd8111733f20a0296', 'web', 'nl', 'new', 'both', 'municipality', '2026-11-22 12:00:00.123456+00', '2026-11-22 12:00:00.123456+00', NULL, '2026-11-22 12:00:00.123456+00', '2026-11', 'nl', 'gAAAAABrAyqpsWXGPjkHWbXHXpj_r9gm6r2Fmg5m_Hv0IUOk_twRLQ72LhqgnR4MAA7hbuBvSeIa3SeAr88QsulPxXWe8qogz4mno64ofdPGcUL0tVtK9vVfXoGjmwY2FQ13MyZTGtAxTE1Tv_kCeybkaJfyAcR6yXVmuO1FEspEDxKbzUyveJPZ_48WAHH9ohjX5j8XhmytmVf_bpbSpdE0ioOP0O_fxz6ZJbdZseCxljDXM-jV2OFJqaMnG-S9QmUh1iU6oQPVE7838w5ozYrxALoEzq7lZFZZ1UHs0nXZesjIBNC0I34zVQO1Yh-RDrYOUJK754lG1yiJMMZR09EM4KeymL4-g2-drFmf3S68YLRyNcDauBbSXeB99DsvrYBVOsT4jO-JaEzA8qzY0xIH2R0JMW-adL-IR4srvmhVo2SUvAGhZUI=');
INSERT INTO public.meta VALUES ('hash-key', 'gAAAAABrAyqp_JNt8FS1ADmWPGdQ_qn-YR8XuVhLMCSrUAmjrDKHpRYLQZk3PNWeHBK6O1RmUvlcfcyNGAxGrkAHYpJOZAO83HnXDwUHhm-GImrVlzZqIZbEMe6ULgwiq576LvwhXUX3eSSnAzgA-90Zh2qsrxvwyA7Y8uxQXuJ7f9G1zI1Semw=');
INSERT INTO public.notices VALUES ('c9f9ab701223bd9208f98abd0727a84a', 5, 'eda73978cce94265c576f36b4c9742f9', 'KX7M', NULL, 'gAAAAABrAyqp9GQK2PkvOTdVSFGeFh-PEmYe8dgDSctocTmeLOK1ysMhG6RUJy8FDVrGjPUAH4Q1povbTTXUBvx9V3Dn5W9Hdt0vT10qSFP2CT2dXwsIMwBtR0wy8HwCK_B47w9ZUvq_');
INSERT INTO public.outgoing VALUES (1, 'fb86389a41b89c62c0616afab5e3f63f', 'telegram', 'b87563fcbe60bfe1', false, 'waiting', '2026-11-22 12:00:00.123456+00', NULL, NULL, 0, NULL, NULL, NULL, 'gAAAAABrAyqpnQ75_drcBs3_mLJoBkbVVDmuwxeUp_o8Es-zcGoqQMg33zOi4ITOTQ9F1VSuPmMjkV4Lma7sRjllLxaskMD9N_gsOj0Q3zZo28mhCi9reBbs2713BqzBs-pGZgiVpRciPpY8x07jCTotDcFb3-jJDEJQ51YsXfyZVw71mI2xM2nx0ETBgImZs0e9Z0iNwSVM', NULL, NULL);
INSERT INTO public.questions VALUES (1, 'nl', '2026-11-22 12:00:00.123456+00', 'gAAAAABrAyqphBhZg1btVLB5zdF_Sb-pbGpulld2oliZv9oc92YL5x3022fQ3ykq6oyvB9LlhBGMZupNBmAVn6VpOiGOMIbC4FhTifr0V41e8pVK4MRLZl-IrEmoglJio2eijvp5yEQ6');
INSERT INTO public.transcript VALUES (1, 'eda73978cce94265c576f36b4c9742f9', 'person', '2026-11-22 12:00:00.123456+00', 'gAAAAABrAyqp6rcYVeESzKxrNuuArSNNOw9R_TaXc9Iad_NAYLS3mb5FbdUN6H6VSIVb1GF4XVZI0UGQTVy395BHH-usLxNo1w==');
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
CREATE INDEX ix_outgoing_failed ON public.outgoing USING btree (id) WHERE ((status)::text = 'failed'::text);
CREATE INDEX ix_outgoing_lead ON public.outgoing USING btree (lead) WHERE (lead IS NOT NULL);
CREATE INDEX ix_outgoing_waiting ON public.outgoing USING btree (lane_hash) WHERE ((status)::text = 'waiting'::text);
CREATE INDEX ix_transcript_chat_hash_id ON public.transcript USING btree (chat_hash, id);
