--
-- PostgreSQL database dump
--

\restrict KBAS09XydOEFR2dwX1rgNrDT6xXOeeVGL1pzmVnJ4BQxu1u745D3HiMa5GbM9O6

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: data_sets; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.data_sets (
    id character varying(10) NOT NULL,
    created timestamp with time zone NOT NULL,
    sample_id character varying(10) NOT NULL,
    digest text NOT NULL,
    recipe json NOT NULL,
    points integer NOT NULL,
    notes json NOT NULL,
    artefact text NOT NULL,
    artefact_size bigint NOT NULL,
    environment json NOT NULL
);


--
-- Name: estimated_quantities; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.estimated_quantities (
    prediction_id character varying(10) NOT NULL,
    name text NOT NULL,
    method text NOT NULL,
    "position" integer NOT NULL,
    unit text NOT NULL,
    value double precision NOT NULL,
    std double precision,
    note text NOT NULL
);


--
-- Name: measurement_tags; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.measurement_tags (
    measurement_id character varying(10) NOT NULL,
    tag text NOT NULL
);


--
-- Name: measurements; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.measurements (
    id character varying(10) NOT NULL,
    created timestamp with time zone NOT NULL,
    sample_id character varying(10) NOT NULL,
    file_name text NOT NULL,
    artefact text NOT NULL,
    artefact_size bigint NOT NULL,
    reader text NOT NULL,
    kind text NOT NULL,
    details json NOT NULL
);


--
-- Name: model_tags; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.model_tags (
    model_id character varying(10) NOT NULL,
    tag text NOT NULL
);


--
-- Name: models; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.models (
    id character varying(10) NOT NULL,
    created timestamp with time zone NOT NULL,
    sample_id character varying(10) NOT NULL,
    data_set_id character varying(10) NOT NULL,
    recipe json NOT NULL,
    recipe_digest text NOT NULL,
    quantities json NOT NULL,
    seed bigint NOT NULL,
    metrics json NOT NULL,
    environment json NOT NULL,
    artefact text NOT NULL,
    artefact_size bigint NOT NULL
);


--
-- Name: prediction_tags; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.prediction_tags (
    prediction_id character varying(10) NOT NULL,
    tag text NOT NULL
);


--
-- Name: predictions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.predictions (
    id character varying(10) NOT NULL,
    created timestamp with time zone NOT NULL,
    model_id character varying(10) NOT NULL,
    measurement_id character varying(10) NOT NULL,
    misfit double precision,
    misfit_unit text NOT NULL,
    report json NOT NULL,
    command text NOT NULL,
    operator text NOT NULL,
    environment json NOT NULL
);


--
-- Name: samples; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.samples (
    id character varying(10) NOT NULL,
    created timestamp with time zone NOT NULL,
    name text NOT NULL,
    technique text NOT NULL,
    digest text NOT NULL,
    document json NOT NULL
);


--
-- Name: spectra_schema; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.spectra_schema (
    version_num character varying(32) NOT NULL
);


--
-- Data for Name: data_sets; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.data_sets VALUES ('vx59kgs5w0', '2026-11-21 19:54:37.927211+00', 's95hq5926d', 'sha256:recipe of steel', '{"forward_model": {"name": "toy", "order": 10}, "steps": [1.0, 0.5]}', 20000, '["3 points without a solid were left out"]', 'sha256:839f15076eb2c6a815d1ff21a59b936428e17a02c42cee1d3c80893d6ccb4ec8', 18, '{"numpy": "2.0"}');
INSERT INTO public.data_sets VALUES ('se0r6w3gpa', '2026-11-21 19:54:38.015699+00', '59yw3p7p4s', 'sha256:recipe of glass', '{"forward_model": {"name": "toy", "order": 10}, "steps": [1.0, 0.5]}', 20000, '["3 points without a solid were left out"]', 'sha256:839f15076eb2c6a815d1ff21a59b936428e17a02c42cee1d3c80893d6ccb4ec8', 18, '{"numpy": "2.0"}');


--
-- Data for Name: estimated_quantities; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.estimated_quantities VALUES ('h67m8ws0s0', 'C11', 'network', 0, 'GPa', 268, 6, '');
INSERT INTO public.estimated_quantities VALUES ('h67m8ws0s0', 'C44', 'network', 1, 'GPa', 131.5, 2.5, '');
INSERT INTO public.estimated_quantities VALUES ('3ftekdybk1', 'C11', 'network', 0, 'GPa', 268, 6, '');
INSERT INTO public.estimated_quantities VALUES ('3ftekdybk1', 'C44', 'network', 1, 'GPa', 131.5, 2.5, '');
INSERT INTO public.estimated_quantities VALUES ('3ftekdybk1', 'C11', 'refined', 2, 'GPa', 271.25, 0.125, '');
INSERT INTO public.estimated_quantities VALUES ('m0thag08g9', 'C11', 'network', 0, 'GPa', 268, 6, '');
INSERT INTO public.estimated_quantities VALUES ('m0thag08g9', 'C44', 'network', 1, 'GPa', 131.5, 2.5, '');
INSERT INTO public.estimated_quantities VALUES ('m0thag08g9', 'C11', 'refined', 2, 'GPa', 271.25, 0.125, '');
INSERT INTO public.estimated_quantities VALUES ('m0thag08g9', 'C44', 'refined', 3, 'GPa', 130, NULL, 'at the end of its range');
INSERT INTO public.estimated_quantities VALUES ('xqcydbd5f2', 'C11', 'network', 0, 'GPa', 268, 6, '');
INSERT INTO public.estimated_quantities VALUES ('xqcydbd5f2', 'C44', 'network', 1, 'GPa', 131.5, 2.5, '');
INSERT INTO public.estimated_quantities VALUES ('6y01xfqf2m', 'C11', 'network', 0, 'GPa', 268, 6, '');
INSERT INTO public.estimated_quantities VALUES ('6y01xfqf2m', 'C44', 'network', 1, 'GPa', 131.5, 2.5, '');
INSERT INTO public.estimated_quantities VALUES ('6y01xfqf2m', 'C11', 'refined', 2, 'GPa', 271.25, 0.125, '');
INSERT INTO public.estimated_quantities VALUES ('xn7gkkrvk5', 'C11', 'network', 0, 'GPa', 268, 6, '');
INSERT INTO public.estimated_quantities VALUES ('xn7gkkrvk5', 'C44', 'network', 1, 'GPa', 131.5, 2.5, '');
INSERT INTO public.estimated_quantities VALUES ('xn7gkkrvk5', 'C11', 'refined', 2, 'GPa', 271.25, 0.125, '');
INSERT INTO public.estimated_quantities VALUES ('xn7gkkrvk5', 'C44', 'refined', 3, 'GPa', 130, NULL, 'at the end of its range');


--
-- Data for Name: measurement_tags; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.measurement_tags VALUES ('qa26wed6e1', 'cold');
INSERT INTO public.measurement_tags VALUES ('qa26wed6e1', 'batch 7');
INSERT INTO public.measurement_tags VALUES ('5shg0gwh3k', 'cold');
INSERT INTO public.measurement_tags VALUES ('5shg0gwh3k', 'batch 7');


--
-- Data for Name: measurements; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.measurements VALUES ('qa26wed6e1', '2026-11-21 19:54:37.962522+00', 's95hq5926d', 'Bär 漢字.dat', 'sha256:de86bc28aa9ae1e4846caa6e1dbefd0133a3b2a78d4ee24c9d0a76cf9b6071b9', 8, 'lines', 'peaks', '{"operator": "Ada", "date": "2026-01-31"}');
INSERT INTO public.measurements VALUES ('5shg0gwh3k', '2026-11-21 19:54:38.025506+00', '59yw3p7p4s', 'Bär 漢字.dat', 'sha256:de86bc28aa9ae1e4846caa6e1dbefd0133a3b2a78d4ee24c9d0a76cf9b6071b9', 8, 'lines', 'peaks', '{"operator": "Ada", "date": "2026-01-31"}');


--
-- Data for Name: model_tags; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: models; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.models VALUES ('fc74dc6x2d', '2026-11-21 19:54:37.94302+00', 's95hq5926d', 'vx59kgs5w0', '{"encoder": {"name": "direct"}}', 'sha256:model', '[{"name": "C11", "unit": "GPa", "lower": 170.0, "upper": 370.0}]', 1099511627776, '{"rmse": {"C11": 1.5}}', '{"numpy": "2.0"}', 'sha256:9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c', 7);
INSERT INTO public.models VALUES ('jqvedpayp7', '2026-11-21 19:54:38.022048+00', '59yw3p7p4s', 'se0r6w3gpa', '{"encoder": {"name": "direct"}}', 'sha256:model', '[{"name": "C11", "unit": "GPa", "lower": 170.0, "upper": 370.0}]', 1099511627776, '{"rmse": {"C11": 1.5}}', '{"numpy": "2.0"}', 'sha256:9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c', 7);


--
-- Data for Name: prediction_tags; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.prediction_tags VALUES ('m0thag08g9', 'paper');
INSERT INTO public.prediction_tags VALUES ('xn7gkkrvk5', 'paper');


--
-- Data for Name: predictions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.predictions VALUES ('h67m8ws0s0', '2026-11-21 19:54:37.978113+00', 'fc74dc6x2d', 'qa26wed6e1', NULL, 'kHz', '{"covariance": [[1.0, null]], "tables": {}, "notes": ["''; DROP TABLE samples; --"]}', 'network only', 'ada', '{"spectra": "0.1.0"}');
INSERT INTO public.predictions VALUES ('3ftekdybk1', '2026-11-21 19:54:37.995401+00', 'fc74dc6x2d', 'qa26wed6e1', 0.30000000000000004, 'kHz', '{"covariance": [[1.0, null]], "tables": {}, "notes": ["''; DROP TABLE samples; --"]}', 'one refined', 'ada', '{"spectra": "0.1.0"}');
INSERT INTO public.predictions VALUES ('m0thag08g9', '2026-11-21 19:54:38.000544+00', 'fc74dc6x2d', 'qa26wed6e1', 0.30000000000000004, 'kHz', '{"covariance": [[1.0, null]], "tables": {}, "notes": ["''; DROP TABLE samples; --"]}', 'all refined', 'ada', '{"spectra": "0.1.0"}');
INSERT INTO public.predictions VALUES ('xqcydbd5f2', '2026-11-21 19:54:38.028593+00', 'jqvedpayp7', '5shg0gwh3k', NULL, 'kHz', '{"covariance": [[1.0, null]], "tables": {}, "notes": ["''; DROP TABLE samples; --"]}', 'network only', 'ada', '{"spectra": "0.1.0"}');
INSERT INTO public.predictions VALUES ('6y01xfqf2m', '2026-11-21 19:54:38.035584+00', 'jqvedpayp7', '5shg0gwh3k', 0.30000000000000004, 'kHz', '{"covariance": [[1.0, null]], "tables": {}, "notes": ["''; DROP TABLE samples; --"]}', 'one refined', 'ada', '{"spectra": "0.1.0"}');
INSERT INTO public.predictions VALUES ('xn7gkkrvk5', '2026-11-21 19:54:38.043006+00', 'jqvedpayp7', '5shg0gwh3k', 0.30000000000000004, 'kHz', '{"covariance": [[1.0, null]], "tables": {}, "notes": ["''; DROP TABLE samples; --"]}', 'all refined', 'ada', '{"spectra": "0.1.0"}');


--
-- Data for Name: samples; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.samples VALUES ('s95hq5926d', '2026-11-21 19:54:37.906257+00', 'steel', 'toy', 'sha256:b2d09cfde37b97a9ec67a7e2018981b9979050bcefecc5065ee283f10aa267ea', '{"name": "steel", "technique": "toy", "notes": "from the lathe"}');
INSERT INTO public.samples VALUES ('59yw3p7p4s', '2026-11-21 19:54:38.01148+00', 'glass', 'toy', 'sha256:b2d09cfde37b97a9ec67a7e2018981b9979050bcefecc5065ee283f10aa267ea', '{"name": "glass", "technique": "toy", "notes": "from the lathe"}');


--
-- Data for Name: spectra_schema; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.spectra_schema VALUES ('0001');


--
-- Name: data_sets pk_data_sets; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.data_sets
    ADD CONSTRAINT pk_data_sets PRIMARY KEY (id);


--
-- Name: estimated_quantities pk_estimated_quantities; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.estimated_quantities
    ADD CONSTRAINT pk_estimated_quantities PRIMARY KEY (prediction_id, name, method);


--
-- Name: measurement_tags pk_measurement_tags; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.measurement_tags
    ADD CONSTRAINT pk_measurement_tags PRIMARY KEY (measurement_id, tag);


--
-- Name: measurements pk_measurements; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.measurements
    ADD CONSTRAINT pk_measurements PRIMARY KEY (id);


--
-- Name: model_tags pk_model_tags; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.model_tags
    ADD CONSTRAINT pk_model_tags PRIMARY KEY (model_id, tag);


--
-- Name: models pk_models; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.models
    ADD CONSTRAINT pk_models PRIMARY KEY (id);


--
-- Name: prediction_tags pk_prediction_tags; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prediction_tags
    ADD CONSTRAINT pk_prediction_tags PRIMARY KEY (prediction_id, tag);


--
-- Name: predictions pk_predictions; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.predictions
    ADD CONSTRAINT pk_predictions PRIMARY KEY (id);


--
-- Name: samples pk_samples; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.samples
    ADD CONSTRAINT pk_samples PRIMARY KEY (id);


--
-- Name: spectra_schema spectra_schema_pkc; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.spectra_schema
    ADD CONSTRAINT spectra_schema_pkc PRIMARY KEY (version_num);


--
-- Name: data_sets uq_data_sets_digest; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.data_sets
    ADD CONSTRAINT uq_data_sets_digest UNIQUE (digest);


--
-- Name: measurements uq_measurements_sample_id_artefact_reader; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.measurements
    ADD CONSTRAINT uq_measurements_sample_id_artefact_reader UNIQUE (sample_id, artefact, reader);


--
-- Name: samples uq_samples_digest_name; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.samples
    ADD CONSTRAINT uq_samples_digest_name UNIQUE (digest, name);


--
-- Name: ix_data_sets_sample_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_data_sets_sample_id ON public.data_sets USING btree (sample_id);


--
-- Name: ix_estimated_quantities_name_method_value; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_estimated_quantities_name_method_value ON public.estimated_quantities USING btree (name, method, value);


--
-- Name: ix_measurement_tags_tag; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_measurement_tags_tag ON public.measurement_tags USING btree (tag);


--
-- Name: ix_measurements_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_measurements_created ON public.measurements USING btree (created);


--
-- Name: ix_model_tags_tag; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_model_tags_tag ON public.model_tags USING btree (tag);


--
-- Name: ix_models_data_set_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_models_data_set_id ON public.models USING btree (data_set_id);


--
-- Name: ix_models_sample_id_recipe_digest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_models_sample_id_recipe_digest ON public.models USING btree (sample_id, recipe_digest);


--
-- Name: ix_prediction_tags_tag; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_prediction_tags_tag ON public.prediction_tags USING btree (tag);


--
-- Name: ix_predictions_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_predictions_created ON public.predictions USING btree (created);


--
-- Name: ix_predictions_measurement_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_predictions_measurement_id ON public.predictions USING btree (measurement_id);


--
-- Name: ix_predictions_model_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_predictions_model_id ON public.predictions USING btree (model_id);


--
-- Name: ix_samples_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_samples_name ON public.samples USING btree (name);


--
-- Name: data_sets fk_data_sets_sample_id_samples; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.data_sets
    ADD CONSTRAINT fk_data_sets_sample_id_samples FOREIGN KEY (sample_id) REFERENCES public.samples(id) ON DELETE RESTRICT;


--
-- Name: estimated_quantities fk_estimated_quantities_prediction_id_predictions; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.estimated_quantities
    ADD CONSTRAINT fk_estimated_quantities_prediction_id_predictions FOREIGN KEY (prediction_id) REFERENCES public.predictions(id) ON DELETE CASCADE;


--
-- Name: measurement_tags fk_measurement_tags_measurement_id_measurements; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.measurement_tags
    ADD CONSTRAINT fk_measurement_tags_measurement_id_measurements FOREIGN KEY (measurement_id) REFERENCES public.measurements(id) ON DELETE CASCADE;


--
-- Name: measurements fk_measurements_sample_id_samples; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.measurements
    ADD CONSTRAINT fk_measurements_sample_id_samples FOREIGN KEY (sample_id) REFERENCES public.samples(id) ON DELETE RESTRICT;


--
-- Name: model_tags fk_model_tags_model_id_models; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.model_tags
    ADD CONSTRAINT fk_model_tags_model_id_models FOREIGN KEY (model_id) REFERENCES public.models(id) ON DELETE CASCADE;


--
-- Name: models fk_models_data_set_id_data_sets; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.models
    ADD CONSTRAINT fk_models_data_set_id_data_sets FOREIGN KEY (data_set_id) REFERENCES public.data_sets(id) ON DELETE RESTRICT;


--
-- Name: models fk_models_sample_id_samples; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.models
    ADD CONSTRAINT fk_models_sample_id_samples FOREIGN KEY (sample_id) REFERENCES public.samples(id) ON DELETE RESTRICT;


--
-- Name: prediction_tags fk_prediction_tags_prediction_id_predictions; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.prediction_tags
    ADD CONSTRAINT fk_prediction_tags_prediction_id_predictions FOREIGN KEY (prediction_id) REFERENCES public.predictions(id) ON DELETE CASCADE;


--
-- Name: predictions fk_predictions_measurement_id_measurements; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.predictions
    ADD CONSTRAINT fk_predictions_measurement_id_measurements FOREIGN KEY (measurement_id) REFERENCES public.measurements(id) ON DELETE RESTRICT;


--
-- Name: predictions fk_predictions_model_id_models; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.predictions
    ADD CONSTRAINT fk_predictions_model_id_models FOREIGN KEY (model_id) REFERENCES public.models(id) ON DELETE RESTRICT;


--
-- PostgreSQL database dump complete
--

\unrestrict KBAS09XydOEFR2dwX1rgNrDT6xXOeeVGL1pzmVnJ4BQxu1u745D3HiMa5GbM9O6

