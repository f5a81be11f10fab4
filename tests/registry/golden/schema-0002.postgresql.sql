--
-- PostgreSQL database dump
--

\restrict 8w8Y6MbQxxjrax2C5SJblzScFLZ6hnAFZhBgJToYFKlAxKWU9c89UuUwTvm3gyB

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
    id character varying(10) NOT NULL COLLATE pg_catalog."C",
    created timestamp with time zone NOT NULL,
    sample_id character varying(10) NOT NULL COLLATE pg_catalog."C",
    digest text NOT NULL COLLATE pg_catalog."C",
    recipe json NOT NULL,
    points integer NOT NULL,
    notes json NOT NULL,
    artefact text NOT NULL COLLATE pg_catalog."C",
    artefact_size bigint NOT NULL,
    environment json NOT NULL
);


--
-- Name: estimated_quantities; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.estimated_quantities (
    prediction_id character varying(10) NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    method text NOT NULL COLLATE pg_catalog."C",
    "position" integer NOT NULL,
    unit text NOT NULL COLLATE pg_catalog."C",
    value double precision NOT NULL,
    std double precision,
    note text NOT NULL COLLATE pg_catalog."C",
    final boolean DEFAULT true NOT NULL
);


--
-- Name: measurement_tags; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.measurement_tags (
    measurement_id character varying(10) NOT NULL COLLATE pg_catalog."C",
    tag text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: measurements; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.measurements (
    id character varying(10) NOT NULL COLLATE pg_catalog."C",
    created timestamp with time zone NOT NULL,
    sample_id character varying(10) NOT NULL COLLATE pg_catalog."C",
    file_name text NOT NULL COLLATE pg_catalog."C",
    artefact text NOT NULL COLLATE pg_catalog."C",
    artefact_size bigint NOT NULL,
    reader text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    details json NOT NULL,
    note text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: model_aliases; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.model_aliases (
    sample_name text NOT NULL COLLATE pg_catalog."C",
    alias text NOT NULL COLLATE pg_catalog."C",
    model_id character varying(10) NOT NULL COLLATE pg_catalog."C",
    created timestamp with time zone NOT NULL
);


--
-- Name: model_tags; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.model_tags (
    model_id character varying(10) NOT NULL COLLATE pg_catalog."C",
    tag text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: models; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.models (
    id character varying(10) NOT NULL COLLATE pg_catalog."C",
    created timestamp with time zone NOT NULL,
    sample_id character varying(10) NOT NULL COLLATE pg_catalog."C",
    data_set_id character varying(10) NOT NULL COLLATE pg_catalog."C",
    recipe json NOT NULL,
    recipe_digest text NOT NULL COLLATE pg_catalog."C",
    quantities json NOT NULL,
    seed bigint NOT NULL,
    metrics json NOT NULL,
    environment json NOT NULL,
    artefact text NOT NULL COLLATE pg_catalog."C",
    artefact_size bigint NOT NULL,
    note text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    retired timestamp with time zone
);


--
-- Name: prediction_tags; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.prediction_tags (
    prediction_id character varying(10) NOT NULL COLLATE pg_catalog."C",
    tag text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: predictions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.predictions (
    id character varying(10) NOT NULL COLLATE pg_catalog."C",
    created timestamp with time zone NOT NULL,
    model_id character varying(10) NOT NULL COLLATE pg_catalog."C",
    measurement_id character varying(10) NOT NULL COLLATE pg_catalog."C",
    misfit double precision,
    misfit_unit text NOT NULL COLLATE pg_catalog."C",
    report json NOT NULL,
    command text NOT NULL COLLATE pg_catalog."C",
    operator text NOT NULL COLLATE pg_catalog."C",
    environment json NOT NULL,
    note text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: registry_identity; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.registry_identity (
    id character varying(10) NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: sample_tags; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sample_tags (
    sample_id character varying(10) NOT NULL COLLATE pg_catalog."C",
    tag text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: samples; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.samples (
    id character varying(10) NOT NULL COLLATE pg_catalog."C",
    created timestamp with time zone NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    technique text NOT NULL COLLATE pg_catalog."C",
    digest text NOT NULL COLLATE pg_catalog."C",
    document json NOT NULL,
    note text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C"
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

INSERT INTO public.data_sets VALUES ('4z8yph624n', '2026-11-28 21:52:38.276226+00', 'zg30y1nj3z', 'sha256:baf8466bf09c40327df34f0c4397027be12f381e0f28e73755b63cb368b11dda', '{"technique": "rus", "sample": "sha256:bd6329c8278a819687b6295827acbfd2c7de54ef6b90dea859ff43c1c8efd09e", "forward_model": {"name": "rayleigh-ritz", "parameters": {}, "version": 2}, "points": "sha256:3d68ce81d032531addca6b98db947e9bda79096649fa143df0ee71fe04ffed67"}', 209, '["block.stl bounds 1284.62 mm\u00b3 by 12 triangles; centre of mass (5.96, 5.465, 4.93) mm and principal axes (1.000, 0.000, 0.000); (0.000, 1.000, -0.000); (-0.000, 0.000, 1.000) in the file''s coordinates.", "Order 8: modes up to 0.22 MHz of the softest solid in the ranges are computed about 0.003 (relative) too high."]', 'sha256:b2506fa8d747672a845454c98930fe280d3c80bc0284696ce9b2546f85613bd0', 46488, '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}');
INSERT INTO public.data_sets VALUES ('8hq1pc20mg', '2026-11-28 21:52:42.164789+00', 'qvccm71w2d', 'sha256:73cf2cd244723cba644765816bd126e8e0321e6cdda031a1f763aefe6db30920', '{"technique": "xrd", "sample": "sha256:e57b8e89ee02d50a2de759b211a3e68a047e27ef884f239bc51e59eb27adfa19", "forward_model": {"name": "recorded-structures", "parameters": {"first": null}, "version": 1}, "points": "sha256:153076f0469b0e480ccc8339a097f9590382b800950ae386fe1e5276c20ef506"}', 60, '["176 of 1,500 specimens are not used: they failed or lie outside the ranges."]', 'sha256:ee42c22ba989374805a3bf967f9efa194d0596b6882ecc468655f611e1380729', 78912, '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}');
INSERT INTO public.data_sets VALUES ('8wnvaegpcm', '2026-11-28 21:53:32.968468+00', 'c1sjkp1xdj', 'sha256:01b564e7a198f19084f74358ee17a147de42ccf8224894cfed61ce438a5f8eb7', '{"technique": "vdos", "sample": "sha256:80739850e71293079f074bdcdaf9fe07fe2095034a5719c663150a732b36fc63", "forward_model": {"name": "recorded-structures", "parameters": {"first": null}, "version": 1}, "points": "sha256:153076f0469b0e480ccc8339a097f9590382b800950ae386fe1e5276c20ef506"}', 60, '["176 of 1,500 specimens are not used: they failed or lie outside the ranges."]', 'sha256:0f071da91b8751696a507fdbd27fc3d5995dee44a93599f39a7a67b46c815357', 64228, '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}');
INSERT INTO public.data_sets VALUES ('m67myj35dx', '2026-11-28 21:52:21.256072+00', 'm293923phd', 'sha256:7efee8269f8fd4e6fdc3d6c69624f8c5ec499bd83b98ce47c89816ab03d05395', '{"technique": "rus", "sample": "sha256:fbfb7ef8b7806ac41eda602ab9c31c839003d98311db7487bf3d3ef3f4010baa", "forward_model": {"name": "rayleigh-ritz", "parameters": {}, "version": 2}, "points": "sha256:f774c5b82b612024734fb1e91cedce0056b5eeecc64f7bab9c1c4fd395f92ab3"}', 60, '["Order 10: modes up to 2.3 MHz of the softest solid in the ranges are computed about 0.002 (relative) too high."]', 'sha256:afe55f00a14fa8822c1530d4c378dae54610158f402a59268bb6308778ecb031', 20064, '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}');
INSERT INTO public.data_sets VALUES ('x968332dz5', '2026-11-28 21:53:37.394099+00', 'd31q3nqv4w', 'sha256:5e48ba0cb7e71d143b5b3426ce337a6912c7ebd6238148cec01696e5e402b700', '{"technique": "xrd+vdos", "sample": "sha256:3a05f58cfed86d4ffbe70bf5591e6ff412e6fc25afbe6fbaa8459d25e6132e14", "forward_model": {"name": "recorded-structures", "parameters": {"first": null}, "version": 1}, "points": "sha256:153076f0469b0e480ccc8339a097f9590382b800950ae386fe1e5276c20ef506"}', 60, '["176 of 1,500 specimens are not used: they failed or lie outside the ranges."]', 'sha256:55f328496edeadc3bebdc0451c1e5009d6e41228628ecac34cfae78b350811a1', 139158, '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}');
INSERT INTO public.data_sets VALUES ('z43ymy2qkw', '2026-11-28 21:51:33.920345+00', '3qgw0mmj6r', 'sha256:0b8370316dfee194a0766e35576c5cdd79d0e6fc4966e9c9d0d103c77acf9a0b', '{"technique": "rus", "sample": "sha256:747f3920f860c4f92df1aba9f13f42cfa078e897d27d6e61eba30bf2c4830884", "forward_model": {"name": "rayleigh-ritz", "parameters": {}, "version": 2}, "points": "sha256:3d68ce81d032531addca6b98db947e9bda79096649fa143df0ee71fe04ffed67"}', 209, '["Order 12: modes up to 0.28 MHz of the softest solid in the ranges are computed about 0.0006 (relative) too high."]', 'sha256:c47d72a91ae5be8013f3c6f090825e203e10c725b204960aea3366aa1b0bd42a', 74912, '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}');


--
-- Data for Name: estimated_quantities; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.estimated_quantities VALUES ('79m25p9cmy', 'C11', 'network', 0, 'GPa', 114.03582382202148, 16.68395863691552, '', true);
INSERT INTO public.estimated_quantities VALUES ('79m25p9cmy', 'C44', 'network', 1, 'GPa', 24.718869388103485, 2.838922867057423, '', true);
INSERT INTO public.estimated_quantities VALUES ('7bfbn2x60d', 'C11', 'network', 0, 'GPa', 109.09528732299805, 20.708991089006872, '', true);
INSERT INTO public.estimated_quantities VALUES ('7bfbn2x60d', 'C44', 'network', 1, 'GPa', 25.66619098186493, 1.8815245029387386, '', true);
INSERT INTO public.estimated_quantities VALUES ('85921wg50c', 'C11', 'refined', 0, 'GPa', 107.62563001568192, 3.24614680531649, '', true);
INSERT INTO public.estimated_quantities VALUES ('85921wg50c', 'C44', 'refined', 1, 'GPa', 26.667729276679776, 0.05439033842976855, '', true);
INSERT INTO public.estimated_quantities VALUES ('85921wg50c', 'C11', 'network', 2, 'GPa', 106.00307692307692, 15.389665750252561, '', false);
INSERT INTO public.estimated_quantities VALUES ('85921wg50c', 'C44', 'network', 3, 'GPa', 26.981538461538463, 0.06341153578246744, '', false);
INSERT INTO public.estimated_quantities VALUES ('85921wg50c', 'C12', 'derived', 4, 'GPa', 54.29017146232237, 3.2948921773042263, '', true);
INSERT INTO public.estimated_quantities VALUES ('85921wg50c', 'bulk modulus', 'derived', 5, 'GPa', 72.06865764677556, 3.2783232085300935, '', true);
INSERT INTO public.estimated_quantities VALUES ('85921wg50c', 'shear modulus', 'derived', 6, 'GPa', 26.667729276679776, 0.05439033842991695, '', true);
INSERT INTO public.estimated_quantities VALUES ('85921wg50c', 'Young''s modulus', 'derived', 7, 'GPa', 71.21877298871338, 0.31878179842754606, '', true);
INSERT INTO public.estimated_quantities VALUES ('85921wg50c', 'Poisson''s ratio', 'derived', 8, '', 0.33529878471865837, 0.006809995850542572, '', true);
INSERT INTO public.estimated_quantities VALUES ('85921wg50c', 'longitudinal velocity', 'derived', 9, 'm/s', 6213.144707032948, 93.69877713580283, '', true);
INSERT INTO public.estimated_quantities VALUES ('85921wg50c', 'transverse velocity', 'derived', 10, 'm/s', 3092.7629504035267, 3.153932264189994, '', true);
INSERT INTO public.estimated_quantities VALUES ('85921wg50c', 'mean velocity', 'derived', 11, 'm/s', 3470.407782301589, 3.3975516843936027, '', true);
INSERT INTO public.estimated_quantities VALUES ('brrrmzs9x4', 'σxx', 'network', 0, 'GPa', -104.49692569494248, 73.75800036665807, '', true);
INSERT INTO public.estimated_quantities VALUES ('brrrmzs9x4', 'σyy', 'network', 1, 'GPa', -87.46352113127709, 60.990774375131956, '', true);
INSERT INTO public.estimated_quantities VALUES ('brrrmzs9x4', 'σzz', 'network', 2, 'GPa', -58.9420202088356, 37.11991446826805, '', true);
INSERT INTO public.estimated_quantities VALUES ('brrrmzs9x4', 'fcc', 'network', 3, '', 0.7090295513868332, 0.17692498676940835, '', true);
INSERT INTO public.estimated_quantities VALUES ('brrrmzs9x4', 'hcp', 'network', 4, '', 0.09883962169289588, 0.14054341222539352, '', true);
INSERT INTO public.estimated_quantities VALUES ('brrrmzs9x4', 'disordered', 'network', 5, '', 0.054897041141986846, 0.07645318867323775, '', true);
INSERT INTO public.estimated_quantities VALUES ('brrrmzs9x4', 'dislocations', 'network', 6, '1/Å^2', 0.0007915655449032782, 0.0014006085352719234, '', true);
INSERT INTO public.estimated_quantities VALUES ('c8s7c0ej6f', 'σxx', 'network', 0, 'GPa', -17.573249702937744, 2.334153430334994, '', true);
INSERT INTO public.estimated_quantities VALUES ('c8s7c0ej6f', 'σyy', 'network', 1, 'GPa', -17.772233877652496, 2.284474432082513, '', true);
INSERT INTO public.estimated_quantities VALUES ('c8s7c0ej6f', 'σzz', 'network', 2, 'GPa', -21.81345306781273, 2.5366689063845365, '', true);
INSERT INTO public.estimated_quantities VALUES ('c8s7c0ej6f', 'fcc', 'network', 3, '', 0.879491343547088, 0.14547047169495544, '', true);
INSERT INTO public.estimated_quantities VALUES ('c8s7c0ej6f', 'hcp', 'network', 4, '', 0.10169270547051125, 0.1465078465792959, '', true);
INSERT INTO public.estimated_quantities VALUES ('c8s7c0ej6f', 'disordered', 'network', 5, '', -0.033166917984460656, 0.031056131467600487, '', true);
INSERT INTO public.estimated_quantities VALUES ('c8s7c0ej6f', 'dislocations', 'network', 6, '1/Å^2', 0.0006801695730984826, 0.0014667650810349935, '', true);
INSERT INTO public.estimated_quantities VALUES ('eb6njrtmx2', 'C11', 'refined', 0, 'GPa', 108.15234443636561, 1.7028395964007372, '', true);
INSERT INTO public.estimated_quantities VALUES ('eb6njrtmx2', 'C44', 'refined', 1, 'GPa', 26.697735320202916, 0.04274665728996357, '', true);
INSERT INTO public.estimated_quantities VALUES ('eb6njrtmx2', 'C11', 'network', 2, 'GPa', 103.47769230769231, 19.63961661940953, '', false);
INSERT INTO public.estimated_quantities VALUES ('eb6njrtmx2', 'C44', 'network', 3, 'GPa', 26.866153846153846, 0.34472037276591644, '', false);
INSERT INTO public.estimated_quantities VALUES ('eb6njrtmx2', 'C12', 'derived', 4, 'GPa', 54.75687379595978, 1.7485453403473374, '', true);
INSERT INTO public.estimated_quantities VALUES ('eb6njrtmx2', 'bulk modulus', 'derived', 5, 'GPa', 72.5553640094284, 1.7329754342934063, '', true);
INSERT INTO public.estimated_quantities VALUES ('eb6njrtmx2', 'shear modulus', 'derived', 6, 'GPa', 26.69773532020292, 0.04274665729006952, '', true);
INSERT INTO public.estimated_quantities VALUES ('eb6njrtmx2', 'Young''s modulus', 'derived', 7, 'GPa', 71.34269964842294, 0.15662656573831413, '', true);
INSERT INTO public.estimated_quantities VALUES ('eb6njrtmx2', 'Poisson''s ratio', 'derived', 8, '', 0.3361189402914624, 0.0036183242259418182, '', true);
INSERT INTO public.estimated_quantities VALUES ('eb6njrtmx2', 'longitudinal velocity', 'derived', 9, 'm/s', 6228.329560096341, 49.03197544962931, '', true);
INSERT INTO public.estimated_quantities VALUES ('eb6njrtmx2', 'transverse velocity', 'derived', 10, 'm/s', 3094.50242152137, 2.477356841533749, '', true);
INSERT INTO public.estimated_quantities VALUES ('eb6njrtmx2', 'mean velocity', 'derived', 11, 'm/s', 3472.737613920148, 2.2541486412578498, '', true);
INSERT INTO public.estimated_quantities VALUES ('eb6njrtmx2', 'Debye temperature', 'derived', 12, 'K', 409.71552770862115, 0.2659457185553936, '', true);
INSERT INTO public.estimated_quantities VALUES ('fydp3bgq5s', 'C11', 'refined', 0, 'GPa', 108.15209720879368, 1.70282917957725, '', true);
INSERT INTO public.estimated_quantities VALUES ('fydp3bgq5s', 'C44', 'refined', 1, 'GPa', 26.69773974749499, 0.04274671373397214, '', true);
INSERT INTO public.estimated_quantities VALUES ('fydp3bgq5s', 'C11', 'network', 2, 'GPa', 106.14214706420898, 23.67558458938564, '', false);
INSERT INTO public.estimated_quantities VALUES ('fydp3bgq5s', 'C44', 'network', 3, 'GPa', 26.850695848464966, 3.1965858816316572, '', false);
INSERT INTO public.estimated_quantities VALUES ('fydp3bgq5s', 'C12', 'derived', 4, 'GPa', 54.7566177138037, 1.7485349811974893, '', true);
INSERT INTO public.estimated_quantities VALUES ('fydp3bgq5s', 'bulk modulus', 'derived', 5, 'GPa', 72.55511087880035, 1.732965053038377, '', true);
INSERT INTO public.estimated_quantities VALUES ('fydp3bgq5s', 'shear modulus', 'derived', 6, 'GPa', 26.69773974749499, 0.042746713733953313, '', true);
INSERT INTO public.estimated_quantities VALUES ('fydp3bgq5s', 'Young''s modulus', 'derived', 7, 'GPa', 71.34268299322866, 0.1566266455974738, '', true);
INSERT INTO public.estimated_quantities VALUES ('fydp3bgq5s', 'Poisson''s ratio', 'derived', 8, '', 0.3361184068011349, 0.0036183260118289482, '', true);
INSERT INTO public.estimated_quantities VALUES ('fydp3bgq5s', 'longitudinal velocity', 'derived', 9, 'm/s', 6228.322441361734, 49.03173154736607, '', true);
INSERT INTO public.estimated_quantities VALUES ('fydp3bgq5s', 'transverse velocity', 'derived', 10, 'm/s', 3094.5026781024108, 2.4773599073280885, '', true);
INSERT INTO public.estimated_quantities VALUES ('fydp3bgq5s', 'mean velocity', 'derived', 11, 'm/s', 3472.7376558828955, 2.254150888653907, '', true);
INSERT INTO public.estimated_quantities VALUES ('fydp3bgq5s', 'Debye temperature', 'derived', 12, 'K', 409.7155326594096, 0.26594598370414146, '', true);
INSERT INTO public.estimated_quantities VALUES ('g664cz8n51', 'σxx', 'network', 0, 'GPa', -152.09295841872694, 127.73568004590183, '', true);
INSERT INTO public.estimated_quantities VALUES ('g664cz8n51', 'σyy', 'network', 1, 'GPa', -74.4991828250885, 60.13490164401408, '', true);
INSERT INTO public.estimated_quantities VALUES ('g664cz8n51', 'σzz', 'network', 2, 'GPa', -24.17129554271699, 25.649704465016864, '', true);
INSERT INTO public.estimated_quantities VALUES ('g664cz8n51', 'fcc', 'network', 3, '', 0.6007934658527374, 0.22925854202938709, '', true);
INSERT INTO public.estimated_quantities VALUES ('g664cz8n51', 'hcp', 'network', 4, '', 0.10209268406033516, 0.13147177293767096, '', true);
INSERT INTO public.estimated_quantities VALUES ('g664cz8n51', 'disordered', 'network', 5, '', 0.07830936306715011, 0.07533416126827916, '', true);
INSERT INTO public.estimated_quantities VALUES ('g664cz8n51', 'dislocations', 'network', 6, '1/Å^2', 0.0007529506158828734, 0.0013135996979368558, '', true);
INSERT INTO public.estimated_quantities VALUES ('h8e8ag31t4', 'σxx', 'network', 0, 'GPa', -84.33456263661385, 62.9072951768062, '', true);
INSERT INTO public.estimated_quantities VALUES ('h8e8ag31t4', 'σyy', 'network', 1, 'GPa', -18.504200916886333, 16.298806758514868, '', true);
INSERT INTO public.estimated_quantities VALUES ('h8e8ag31t4', 'σzz', 'network', 2, 'GPa', -90.49326883077622, 76.012224657379, '', true);
INSERT INTO public.estimated_quantities VALUES ('h8e8ag31t4', 'fcc', 'network', 3, '', 0.8000423365831375, 0.1779499521123502, '', true);
INSERT INTO public.estimated_quantities VALUES ('h8e8ag31t4', 'hcp', 'network', 4, '', 0.1042338117957115, 0.13889141107992367, '', true);
INSERT INTO public.estimated_quantities VALUES ('h8e8ag31t4', 'disordered', 'network', 5, '', 0.0888836731314659, 0.07793689969660356, '', true);
INSERT INTO public.estimated_quantities VALUES ('h8e8ag31t4', 'dislocations', 'network', 6, '1/Å^2', 0.0007646727329492568, 0.0012606168582101715, '', true);
INSERT INTO public.estimated_quantities VALUES ('hg6rhkdq3y', 'σxx', 'network', 0, 'GPa', 424.04207885396306, 2.492116175472026, '', true);
INSERT INTO public.estimated_quantities VALUES ('hg6rhkdq3y', 'σyy', 'network', 1, 'GPa', 425.27040279186787, 2.503432080278153, '', true);
INSERT INTO public.estimated_quantities VALUES ('hg6rhkdq3y', 'σzz', 'network', 2, 'GPa', 403.62729875240615, 1.674405077374246, '', true);
INSERT INTO public.estimated_quantities VALUES ('hg6rhkdq3y', 'fcc', 'network', 3, '', 1.8258461110165434, 0.1306009283503597, '', true);
INSERT INTO public.estimated_quantities VALUES ('hg6rhkdq3y', 'hcp', 'network', 4, '', 1.1861590643844737, 0.06700760919403308, '', true);
INSERT INTO public.estimated_quantities VALUES ('hg6rhkdq3y', 'disordered', 'network', 5, '', -2.3178719695941377, 0.07153033986959231, '', true);
INSERT INTO public.estimated_quantities VALUES ('hg6rhkdq3y', 'dislocations', 'network', 6, '1/Å^2', 0.00067894234243235, 0.0014674043680188785, '', true);
INSERT INTO public.estimated_quantities VALUES ('je0vpy58p9', 'C11', 'network', 0, 'GPa', 106.0361099243164, 21.283204040764787, '', true);
INSERT INTO public.estimated_quantities VALUES ('je0vpy58p9', 'C44', 'network', 1, 'GPa', 26.955880284309387, 3.021781874732915, '', true);
INSERT INTO public.estimated_quantities VALUES ('jrymxh3fg0', 'C11', 'refined', 0, 'GPa', 108.14861952191276, 1.7016724127562755, '', true);
INSERT INTO public.estimated_quantities VALUES ('jrymxh3fg0', 'C44', 'refined', 1, 'GPa', 26.697785555410885, 0.04269162557342489, '', true);
INSERT INTO public.estimated_quantities VALUES ('jrymxh3fg0', 'C11', 'network', 2, 'GPa', 106.0361099243164, 21.283204040764787, '', false);
INSERT INTO public.estimated_quantities VALUES ('jrymxh3fg0', 'C44', 'network', 3, 'GPa', 26.955880284309387, 3.021781874732915, '', false);
INSERT INTO public.estimated_quantities VALUES ('jrymxh3fg0', 'C12', 'derived', 4, 'GPa', 54.753048411090994, 1.747478562571057, '', true);
INSERT INTO public.estimated_quantities VALUES ('jrymxh3fg0', 'bulk modulus', 'derived', 5, 'GPa', 72.55157211469825, 1.7318767714177334, '', true);
INSERT INTO public.estimated_quantities VALUES ('jrymxh3fg0', 'shear modulus', 'derived', 6, 'GPa', 26.69778555541088, 0.04269162557322396, '', true);
INSERT INTO public.estimated_quantities VALUES ('jrymxh3fg0', 'Young''s modulus', 'derived', 7, 'GPa', 71.34241184649211, 0.1563188597618324, '', true);
INSERT INTO public.estimated_quantities VALUES ('jrymxh3fg0', 'Poisson''s ratio', 'derived', 8, '', 0.33611103622099914, 0.0036166904321219477, '', true);
INSERT INTO public.estimated_quantities VALUES ('jrymxh3fg0', 'longitudinal velocity', 'derived', 9, 'm/s', 6228.222303084577, 48.999211089340996, '', true);
INSERT INTO public.estimated_quantities VALUES ('jrymxh3fg0', 'transverse velocity', 'derived', 10, 'm/s', 3094.505332871297, 2.4741651837264307, '', true);
INSERT INTO public.estimated_quantities VALUES ('jrymxh3fg0', 'mean velocity', 'derived', 11, 'm/s', 3472.737236753471, 2.2478091329446137, '', true);
INSERT INTO public.estimated_quantities VALUES ('jrymxh3fg0', 'Debye temperature', 'derived', 12, 'K', 409.71548321028547, 0.2651977798170727, '', true);
INSERT INTO public.estimated_quantities VALUES ('k1s5kbpjdm', 'σxx', 'network', 0, 'GPa', -17.573249702937744, 2.334153430334994, '', true);
INSERT INTO public.estimated_quantities VALUES ('k1s5kbpjdm', 'σyy', 'network', 1, 'GPa', -17.772233877652496, 2.284474432082513, '', true);
INSERT INTO public.estimated_quantities VALUES ('k1s5kbpjdm', 'σzz', 'network', 2, 'GPa', -21.81345306781273, 2.5366689063845365, '', true);
INSERT INTO public.estimated_quantities VALUES ('k1s5kbpjdm', 'fcc', 'network', 3, '', 0.879491343547088, 0.14547047169495544, '', true);
INSERT INTO public.estimated_quantities VALUES ('k1s5kbpjdm', 'hcp', 'network', 4, '', 0.10169270547051125, 0.1465078465792959, '', true);
INSERT INTO public.estimated_quantities VALUES ('k1s5kbpjdm', 'disordered', 'network', 5, '', -0.033166917984460656, 0.031056131467600487, '', true);
INSERT INTO public.estimated_quantities VALUES ('k1s5kbpjdm', 'dislocations', 'network', 6, '1/Å^2', 0.0006801695730984826, 0.0014667650810349935, '', true);
INSERT INTO public.estimated_quantities VALUES ('k5te2z9t5e', 'C11', 'network', 0, 'GPa', 103.47769230769231, 19.63961661940953, '', true);
INSERT INTO public.estimated_quantities VALUES ('k5te2z9t5e', 'C44', 'network', 1, 'GPa', 26.866153846153846, 0.34472037276591644, '', true);
INSERT INTO public.estimated_quantities VALUES ('kxrf2mpcew', 'σxx', 'network', 0, 'GPa', -1.6663383519409365, 7.565516130895147, '', true);
INSERT INTO public.estimated_quantities VALUES ('kxrf2mpcew', 'σyy', 'network', 1, 'GPa', -1.3994004766839225, 7.502212174175722, '', true);
INSERT INTO public.estimated_quantities VALUES ('kxrf2mpcew', 'σzz', 'network', 2, 'GPa', -5.715162627279, 6.9135882550803, '', true);
INSERT INTO public.estimated_quantities VALUES ('kxrf2mpcew', 'fcc', 'network', 3, '', 0.6526798084742654, 0.1064200523544735, '', true);
INSERT INTO public.estimated_quantities VALUES ('kxrf2mpcew', 'hcp', 'network', 4, '', 0.09782476148517674, 0.07942871189646368, '', true);
INSERT INTO public.estimated_quantities VALUES ('kxrf2mpcew', 'disordered', 'network', 5, '', 0.07516584035656858, 0.07684647974832816, '', true);
INSERT INTO public.estimated_quantities VALUES ('kxrf2mpcew', 'dislocations', 'network', 6, '1/Å^2', 0.0006771721664701964, 0.0014863546073284127, '', true);
INSERT INTO public.estimated_quantities VALUES ('t7at0qdkt3', 'σxx', 'network', 0, 'GPa', -15.24620547572755, 2.8954761043194264, '', true);
INSERT INTO public.estimated_quantities VALUES ('t7at0qdkt3', 'σyy', 'network', 1, 'GPa', -15.488785060630477, 2.854162285760389, '', true);
INSERT INTO public.estimated_quantities VALUES ('t7at0qdkt3', 'σzz', 'network', 2, 'GPa', -16.6332686918972, 4.265404332600516, '', true);
INSERT INTO public.estimated_quantities VALUES ('t7at0qdkt3', 'fcc', 'network', 3, '', 0.8285250741650447, 0.13024770111792153, '', true);
INSERT INTO public.estimated_quantities VALUES ('t7at0qdkt3', 'hcp', 'network', 4, '', 0.09823747552328763, 0.139188273832902, '', true);
INSERT INTO public.estimated_quantities VALUES ('t7at0qdkt3', 'disordered', 'network', 5, '', 0.003327349607886786, 0.03727377610929021, '', true);
INSERT INTO public.estimated_quantities VALUES ('t7at0qdkt3', 'dislocations', 'network', 6, '1/Å^2', 0.000623332085386643, 0.001661505926510435, '', true);
INSERT INTO public.estimated_quantities VALUES ('tcfxybaeeg', 'σxx', 'network', 0, 'GPa', -14.682700100649868, 2.860032622314651, '', true);
INSERT INTO public.estimated_quantities VALUES ('tcfxybaeeg', 'σyy', 'network', 1, 'GPa', -14.941189677101477, 2.8650530896190323, '', true);
INSERT INTO public.estimated_quantities VALUES ('tcfxybaeeg', 'σzz', 'network', 2, 'GPa', -16.53665604337391, 3.8883184329514067, '', true);
INSERT INTO public.estimated_quantities VALUES ('tcfxybaeeg', 'fcc', 'network', 3, '', 0.7196844033502339, 0.07011863905464086, '', true);
INSERT INTO public.estimated_quantities VALUES ('tcfxybaeeg', 'hcp', 'network', 4, '', 0.1313695181150612, 0.07528071992423781, '', true);
INSERT INTO public.estimated_quantities VALUES ('tcfxybaeeg', 'disordered', 'network', 5, '', 0.0034257129998277744, 0.037390756338142414, '', true);
INSERT INTO public.estimated_quantities VALUES ('tcfxybaeeg', 'dislocations', 'network', 6, '1/Å^2', 0.0006233268400538201, 0.0016615028731111977, '', true);
INSERT INTO public.estimated_quantities VALUES ('vbg3p8jzn1', 'σxx', 'network', 0, 'GPa', -1.6663383519409365, 7.565516130895147, '', true);
INSERT INTO public.estimated_quantities VALUES ('vbg3p8jzn1', 'σyy', 'network', 1, 'GPa', -1.3994004766839225, 7.502212174175722, '', true);
INSERT INTO public.estimated_quantities VALUES ('vbg3p8jzn1', 'σzz', 'network', 2, 'GPa', -5.715162627279, 6.9135882550803, '', true);
INSERT INTO public.estimated_quantities VALUES ('vbg3p8jzn1', 'fcc', 'network', 3, '', 0.6526798084742654, 0.1064200523544735, '', true);
INSERT INTO public.estimated_quantities VALUES ('vbg3p8jzn1', 'hcp', 'network', 4, '', 0.09782476148517674, 0.07942871189646368, '', true);
INSERT INTO public.estimated_quantities VALUES ('vbg3p8jzn1', 'disordered', 'network', 5, '', 0.07516584035656858, 0.07684647974832816, '', true);
INSERT INTO public.estimated_quantities VALUES ('vbg3p8jzn1', 'dislocations', 'network', 6, '1/Å^2', 0.0006771721664701964, 0.0014863546073284127, '', true);
INSERT INTO public.estimated_quantities VALUES ('vj8ds1eebj', 'C11', 'refined', 0, 'GPa', 108.30021091798925, 1.618267847671815, '', true);
INSERT INTO public.estimated_quantities VALUES ('vj8ds1eebj', 'C44', 'refined', 1, 'GPa', 26.700175705758635, 0.05052078888184271, '', true);
INSERT INTO public.estimated_quantities VALUES ('vj8ds1eebj', 'C11', 'network', 2, 'GPa', 114.03582382202148, 16.68395863691552, '', false);
INSERT INTO public.estimated_quantities VALUES ('vj8ds1eebj', 'C44', 'network', 3, 'GPa', 24.718869388103485, 2.838922867057423, '', false);
INSERT INTO public.estimated_quantities VALUES ('vj8ds1eebj', 'C12', 'derived', 4, 'GPa', 54.89985950647198, 1.6602041868553161, '', true);
INSERT INTO public.estimated_quantities VALUES ('vj8ds1eebj', 'bulk modulus', 'derived', 5, 'GPa', 72.6999766436444, 1.6456549298153031, '', true);
INSERT INTO public.estimated_quantities VALUES ('vj8ds1eebj', 'shear modulus', 'derived', 6, 'GPa', 26.70017570575863, 0.05052078888151442, '', true);
INSERT INTO public.estimated_quantities VALUES ('vj8ds1eebj', 'Young''s modulus', 'derived', 7, 'GPa', 71.36401884415777, 0.16600176129117325, '', true);
INSERT INTO public.estimated_quantities VALUES ('vj8ds1eebj', 'Poisson''s ratio', 'derived', 8, '', 0.3363960527938801, 0.0034254212071736126, '', true);
INSERT INTO public.estimated_quantities VALUES ('vj8ds1eebj', 'longitudinal velocity', 'derived', 9, 'm/s', 6232.585809059072, 46.56497497652422, '', true);
INSERT INTO public.estimated_quantities VALUES ('vj8ds1eebj', 'transverse velocity', 'derived', 10, 'm/s', 3094.643849368259, 2.927768159719154, '', true);
INSERT INTO public.estimated_quantities VALUES ('vj8ds1eebj', 'mean velocity', 'derived', 11, 'm/s', 3473.024126123966, 2.866967487800804, '', true);
INSERT INTO public.estimated_quantities VALUES ('vj8ds1eebj', 'Debye temperature', 'derived', 12, 'K', 409.7493305788155, 0.3382464291239523, '', true);
INSERT INTO public.estimated_quantities VALUES ('xr0sawgfpx', 'C11', 'refined', 0, 'GPa', 321.87365716380407, 3.222716221034307, '', true);
INSERT INTO public.estimated_quantities VALUES ('xr0sawgfpx', 'C12', 'refined', 1, 'GPa', 103.76499032027716, 3.7529981884925863, '', true);
INSERT INTO public.estimated_quantities VALUES ('xr0sawgfpx', 'C44', 'refined', 2, 'GPa', 125.30936929118847, 0.28415643933446916, '', true);
INSERT INTO public.estimated_quantities VALUES ('xr0sawgfpx', 'C11', 'network', 3, 'GPa', 323.33076923076925, 9.524963118759912, '', false);
INSERT INTO public.estimated_quantities VALUES ('xr0sawgfpx', 'C12', 'network', 4, 'GPa', 100.69326923076923, 8.318895798709656, '', false);
INSERT INTO public.estimated_quantities VALUES ('xr0sawgfpx', 'C44', 'network', 5, 'GPa', 124.3, 8.077774706328537, '', false);
INSERT INTO public.estimated_quantities VALUES ('xr0sawgfpx', 'bulk modulus (Voigt)', 'derived', 6, 'GPa', 176.46787926811948, 3.5627382200695457, '', true);
INSERT INTO public.estimated_quantities VALUES ('xr0sawgfpx', 'bulk modulus (Reuss)', 'derived', 7, 'GPa', 176.4678792681195, 3.5627382200041273, '', true);
INSERT INTO public.estimated_quantities VALUES ('xr0sawgfpx', 'bulk modulus (Hill)', 'derived', 8, 'GPa', 176.4678792681195, 3.5627382200695457, '', true);
INSERT INTO public.estimated_quantities VALUES ('xr0sawgfpx', 'shear modulus (Voigt)', 'derived', 9, 'GPa', 118.80735494341847, 0.25554237918101325, '', true);
INSERT INTO public.estimated_quantities VALUES ('xr0sawgfpx', 'shear modulus (Reuss)', 'derived', 10, 'GPa', 118.25858123178833, 0.26570441155586305, '', true);
INSERT INTO public.estimated_quantities VALUES ('xr0sawgfpx', 'shear modulus (Hill)', 'derived', 11, 'GPa', 118.5329680876034, 0.26015176956966274, '', true);
INSERT INTO public.estimated_quantities VALUES ('xr0sawgfpx', 'Young''s modulus', 'derived', 12, 'GPa', 290.545945087976, 0.8690390690036585, '', true);
INSERT INTO public.estimated_quantities VALUES ('xr0sawgfpx', 'Poisson''s ratio', 'derived', 13, '', 0.2255912839086427, 0.004836579141582017, '', true);
INSERT INTO public.estimated_quantities VALUES ('xr0sawgfpx', 'universal anisotropy', 'derived', 14, '', 0.023202278680924948, 0.0014129756031944567, '', true);
INSERT INTO public.estimated_quantities VALUES ('xr0sawgfpx', 'longitudinal velocity', 'derived', 15, 'm/s', 8088.816613501205, 40.7099702887805, '', true);
INSERT INTO public.estimated_quantities VALUES ('xr0sawgfpx', 'transverse velocity', 'derived', 16, 'm/s', 4815.028079262274, 5.2839226746813, '', true);
INSERT INTO public.estimated_quantities VALUES ('xr0sawgfpx', 'mean velocity', 'derived', 17, 'm/s', 5330.657888567721, 4.497451668701992, '', true);
INSERT INTO public.estimated_quantities VALUES ('xr0sawgfpx', 'Debye temperature', 'derived', 18, 'K', 694.7567975662328, 0.586163131019862, '', true);
INSERT INTO public.estimated_quantities VALUES ('y6e00y4cgg', 'σxx', 'network', 0, 'GPa', -134.36114270806314, 110.82760609644127, '', true);
INSERT INTO public.estimated_quantities VALUES ('y6e00y4cgg', 'σyy', 'network', 1, 'GPa', -87.07789384961129, 67.82946214949365, '', true);
INSERT INTO public.estimated_quantities VALUES ('y6e00y4cgg', 'σzz', 'network', 2, 'GPa', -46.62708972215654, 33.54946545714374, '', true);
INSERT INTO public.estimated_quantities VALUES ('y6e00y4cgg', 'fcc', 'network', 3, '', 0.627065578341484, 0.22240103733298755, '', true);
INSERT INTO public.estimated_quantities VALUES ('y6e00y4cgg', 'hcp', 'network', 4, '', 0.11252235633134841, 0.12483327193828474, '', true);
INSERT INTO public.estimated_quantities VALUES ('y6e00y4cgg', 'disordered', 'network', 5, '', 0.057928477644920345, 0.07648461908918214, '', true);
INSERT INTO public.estimated_quantities VALUES ('y6e00y4cgg', 'dislocations', 'network', 6, '1/Å^2', 0.0008539751118421554, 0.0013137907913195722, '', true);
INSERT INTO public.estimated_quantities VALUES ('zdn8e5xm0p', 'C11', 'refined', 0, 'GPa', 108.15234842923373, 1.7028397643833073, '', true);
INSERT INTO public.estimated_quantities VALUES ('zdn8e5xm0p', 'C44', 'refined', 1, 'GPa', 26.697735231051748, 0.0427466562900164, '', true);
INSERT INTO public.estimated_quantities VALUES ('zdn8e5xm0p', 'C11', 'network', 2, 'GPa', 109.09528732299805, 20.708991089006872, '', false);
INSERT INTO public.estimated_quantities VALUES ('zdn8e5xm0p', 'C44', 'network', 3, 'GPa', 25.66619098186493, 1.8815245029387386, '', false);
INSERT INTO public.estimated_quantities VALUES ('zdn8e5xm0p', 'C12', 'derived', 4, 'GPa', 54.75687796713023, 1.7485455073134921, '', true);
INSERT INTO public.estimated_quantities VALUES ('zdn8e5xm0p', 'bulk modulus', 'derived', 5, 'GPa', 72.55536812116475, 1.7329756016632405, '', true);
INSERT INTO public.estimated_quantities VALUES ('zdn8e5xm0p', 'shear modulus', 'derived', 6, 'GPa', 26.69773523105175, 0.04274665628719705, '', true);
INSERT INTO public.estimated_quantities VALUES ('zdn8e5xm0p', 'Young''s modulus', 'derived', 7, 'GPa', 71.34269987793336, 0.15662656411557915, '', true);
INSERT INTO public.estimated_quantities VALUES ('zdn8e5xm0p', 'Poisson''s ratio', 'derived', 8, '', 0.3361189490514478, 0.0036183241924937276, '', true);
INSERT INTO public.estimated_quantities VALUES ('zdn8e5xm0p', 'longitudinal velocity', 'derived', 9, 'm/s', 6228.329675067951, 49.03197938204414, '', true);
INSERT INTO public.estimated_quantities VALUES ('zdn8e5xm0p', 'transverse velocity', 'derived', 10, 'm/s', 3094.5024163546673, 2.4773567875197897, '', true);
INSERT INTO public.estimated_quantities VALUES ('zdn8e5xm0p', 'mean velocity', 'derived', 11, 'm/s', 3472.737612160951, 2.2541486006867126, '', true);
INSERT INTO public.estimated_quantities VALUES ('zdn8e5xm0p', 'Debye temperature', 'derived', 12, 'K', 409.7155275010701, 0.2659457137683766, '', true);


--
-- Data for Name: measurement_tags; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.measurement_tags VALUES ('7kcgqjq0wb', 'rus mesh');
INSERT INTO public.measurement_tags VALUES ('b170g0sfh3', 'xrd');
INSERT INTO public.measurement_tags VALUES ('b170g0sfh3', 'xrd hybrid');
INSERT INTO public.measurement_tags VALUES ('b170g0sfh3', 'xrd reconstruction');
INSERT INTO public.measurement_tags VALUES ('b170g0sfh3', 'xrd regression');
INSERT INTO public.measurement_tags VALUES ('b170g0sfh3', 'xrd ridge');
INSERT INTO public.measurement_tags VALUES ('cnv8kdhezt', 'xrd+vdos');
INSERT INTO public.measurement_tags VALUES ('cnv8kdhezt', 'xrd+vdos multimodal');
INSERT INTO public.measurement_tags VALUES ('cnv8kdhezt', 'xrd+vdos of one part');
INSERT INTO public.measurement_tags VALUES ('ejpvs85nvc', 'batch 7');
INSERT INTO public.measurement_tags VALUES ('ejpvs85nvc', 'cold');
INSERT INTO public.measurement_tags VALUES ('ejpvs85nvc', 'rus');
INSERT INTO public.measurement_tags VALUES ('ejpvs85nvc', 'rus derivative');
INSERT INTO public.measurement_tags VALUES ('ejpvs85nvc', 'rus derivative not refined');
INSERT INTO public.measurement_tags VALUES ('ejpvs85nvc', 'rus direct');
INSERT INTO public.measurement_tags VALUES ('ejpvs85nvc', 'rus direct not refined');
INSERT INTO public.measurement_tags VALUES ('ejpvs85nvc', 'rus not refined');
INSERT INTO public.measurement_tags VALUES ('ejpvs85nvc', 'rus retired');
INSERT INTO public.measurement_tags VALUES ('ejpvs85nvc', 'rus without network');
INSERT INTO public.measurement_tags VALUES ('ejpvs85nvc', 'rus without network not refined');
INSERT INTO public.measurement_tags VALUES ('fzhz82e7k6', 'rus crystal');
INSERT INTO public.measurement_tags VALUES ('gpv2w6tegr', 'xrd of an xrdml file');
INSERT INTO public.measurement_tags VALUES ('j3dpknynrq', 'vdos');
INSERT INTO public.measurement_tags VALUES ('j3dpknynrq', 'vdos ridge');


--
-- Data for Name: measurements; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.measurements VALUES ('7kcgqjq0wb', '2026-11-28 21:52:39.482551+00', 'zg30y1nj3z', 'block-khz.txt', 'sha256:ec35194a8c8948a612aa931a947f806661103505958ac994deb305a3db2c69bd', 126, 'peak-list', 'peaks', '{"unit in file": "kHz", "peaks": 14}', '');
INSERT INTO public.measurements VALUES ('b170g0sfh3', '2026-11-28 21:52:42.370471+00', 'qvccm71w2d', 'specimen.xy', 'sha256:bda50e658c6c8b3060aade626b65a7d3e6c6573b33d02436fd63ae68df4f3e6a', 6475, 'profile-text', 'profile', '{"points": 620, "header": "# simulated gold, seed 1000001, with a background and Poisson noise; 1.54 \u00c5", "wavelength [\u00c5]": 1.54}', '');
INSERT INTO public.measurements VALUES ('cnv8kdhezt', '2026-11-28 21:53:37.969361+00', 'd31q3nqv4w', 'specimen-vdos.csv+specimen.xy', 'sha256:b63f4709fbb2d8d197acf68af529e11c48588f6d0e4ebcd07ce2801fa184aa37', 8134, 'xrd=profile-text vdos=vdos-text', 'bundle', '{"xrd": {"points": 620, "header": "# simulated gold, seed 1000001, with a background and Poisson noise; 1.54 \u00c5", "wavelength [\u00c5]": 1.54}, "vdos": {"points": 75, "unit in file": "cm^-1", "header": "# simulated gold, seed 1000001: vibrational density of states; wavenumber (1/cm),density"}}', '');
INSERT INTO public.measurements VALUES ('ejpvs85nvc', '2026-11-28 21:51:40.094239+00', '3qgw0mmj6r', 'block.dat', 'sha256:d990efc744f2d77dd71285998fd3dd463155050aee6244446d3d9fb5064d4295', 494, 'peak-list', 'peaks', '{"unit in file": "MHz", "peaks": 40}', '');
INSERT INTO public.measurements VALUES ('fzhz82e7k6', '2026-11-28 21:52:25.879866+00', 'm293923phd', 'crystal.dat', 'sha256:c285e91e9ffca1c3801cc07ae0087f14b0c017f5f9d94a5bb587158ea45881c6', 290, 'peak-list', 'peaks', '{"unit in file": "MHz", "peaks": 29}', '');
INSERT INTO public.measurements VALUES ('gpv2w6tegr', '2026-11-28 21:53:31.00661+00', 'qvccm71w2d', 'scan.xrdml', 'sha256:e3189ea57abd93fdbdb46c414c1cd29d9871bda432defcb66c7347cf52e7e68b', 3323, 'xrdml', 'profile', '{"points": 620, "scan": "Gonio", "schema": "http://www.xrdml.com/XRDMeasurement/2.1", "radiation": "K-Alpha 1", "wavelength [\u00c5]": 1.54, "counting time [s]": 1.0}', '');
INSERT INTO public.measurements VALUES ('j3dpknynrq', '2026-11-28 21:53:33.188636+00', 'c1sjkp1xdj', 'specimen-vdos.csv', 'sha256:2e8b5d6a5f55430f056e43ab5715d77477b0a8c519dc4da146f947306d48584f', 1411, 'vdos-text', 'profile', '{"points": 75, "unit in file": "cm^-1", "header": "# simulated gold, seed 1000001: vibrational density of states; wavenumber (1/cm),density"}', '');


--
-- Data for Name: model_aliases; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.model_aliases VALUES ('block', 'production', '83b2we132g', '2026-11-28 21:54:25.951224+00');


--
-- Data for Name: model_tags; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.model_tags VALUES ('vkgpg1r4b6', 'good');


--
-- Data for Name: models; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.models VALUES ('03550f54fj', '2026-11-28 21:51:45.030236+00', '3qgw0mmj6r', 'z43ymy2qkw', '{"forward_model": {"name": "rayleigh-ritz", "parameters": {}, "version": 2}, "distortions": [{"name": "shift", "parameters": {"size": 0.015, "split": 0.5}, "version": 1}, {"name": "missing", "parameters": {"least": 0.0, "most": 0.25}, "version": 1}], "encoder": {"name": "broadened", "parameters": {"bins": 256, "width": 0.01}, "version": 1}, "regressor": {"name": "nearest", "parameters": {"neighbours": 8, "candidates": 24}, "version": 1}, "refiner": {"name": "posterior", "parameters": {"initial_spread": 0.02, "spurious": 1.0, "lengths": 0.0, "sweeps": 60}, "version": 1}}', 'sha256:efcb6b7408ef39029b0f926be02c0206ee244dfdd0b2183558d0e539207efd5d', '[{"name": "C11", "unit": "GPa", "description": "stiffness C11", "lower": 76.0, "upper": 140.0}, {"name": "C44", "unit": "GPa", "description": "stiffness C44", "lower": 18.0, "upper": 35.0}]', 0, '{"points": {"training": 151, "validation": 29, "test": 29}, "test": {"C11": {"rmse": 19.523062585041544, "within_one_spread": 0.6206896551724138, "mape_percent": 13.959905743269468}, "C44": {"rmse": 0.741503058220213, "within_one_spread": 0.896551724137931, "mape_percent": 1.6880988229104177}}}', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', 'sha256:552428f36bb98cddffd62deeada81d7251eb6a630d8a464f22b0ac8b4a920020', 165112, '', NULL);
INSERT INTO public.models VALUES ('32dqxd03g1', '2026-11-28 21:52:00.44841+00', '3qgw0mmj6r', 'z43ymy2qkw', '{"forward_model": {"name": "rayleigh-ritz", "parameters": {}, "version": 2}, "distortions": [{"name": "shift", "parameters": {"size": 0.015, "split": 0.5}, "version": 1}, {"name": "missing", "parameters": {"least": 0.0, "most": 0.25}, "version": 1}], "encoder": {"name": "direct", "parameters": {"length": 24}, "version": 1}, "regressor": {"name": "dense", "parameters": {"hidden": [16], "dropout": 0.0, "loss": "gaussian", "copies": 0, "epochs": 120, "batch": 128, "learning_rate": 0.002, "schedule": "cosine", "patience": 10}, "version": 1}, "refiner": {"name": "posterior", "parameters": {"initial_spread": 0.02, "spurious": 1.0, "lengths": 0.0, "sweeps": 60}, "version": 1}}', 'sha256:215f6c19bba23c77ce09865eebc5ea33867df3811db0dae962f3b84efbae36e4', '[{"name": "C11", "unit": "GPa", "description": "stiffness C11", "lower": 76.0, "upper": 140.0}, {"name": "C44", "unit": "GPa", "description": "stiffness C44", "lower": 18.0, "upper": 35.0}]', 0, '{"points": {"training": 151, "validation": 29, "test": 29}, "test": {"C11": {"rmse": 21.364107322906115, "within_one_spread": 0.5517241379310345, "mape_percent": 16.487384147474923}, "C44": {"rmse": 3.0458131739778462, "within_one_spread": 0.6896551724137931, "mape_percent": 10.836409477074719}}}', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', 'sha256:88aaa482b74bd23214b5649392c32758f12b1f5eb327cfc3d21a47a88bea6ae6', 13006, '', NULL);
INSERT INTO public.models VALUES ('32y04ezqwv', '2026-11-28 21:53:34.971938+00', 'c1sjkp1xdj', '8wnvaegpcm', '{"forward_model": {"name": "recorded-structures", "parameters": {"first": null}, "version": 1}, "distortions": [], "encoder": {"name": "binned", "parameters": {"bins": null, "parts": null, "normalisation": "profile"}, "version": 1}, "regressor": {"name": "ridge", "parameters": {}, "version": 1}, "refiner": null}', 'sha256:3b3df29137d1ec4a3a0a43dbede4650b3bcf233fe38bd1fb4bdd922eb76a17b7', '[{"name": "\u03c3xx", "unit": "GPa", "description": "stress along x, tension positive", "lower": -204.22, "upper": 14.48}, {"name": "\u03c3yy", "unit": "GPa", "description": "stress along y, tension positive", "lower": -205.43, "upper": 14.48}, {"name": "\u03c3zz", "unit": "GPa", "description": "stress along the loading axis", "lower": -207.32, "upper": 14.48}, {"name": "fcc", "unit": "", "description": "share of atoms in face-centred cubic order", "lower": 0.354, "upper": 1.0}, {"name": "hcp", "unit": "", "description": "share of atoms in hexagonal order", "lower": 0.0, "upper": 0.353}, {"name": "disordered", "unit": "", "description": "share of atoms in neither order", "lower": 0.0, "upper": 0.302}, {"name": "dislocations", "unit": "1/\u00c5^2", "description": "length of dislocation lines per volume", "lower": 0.0, "upper": 0.00414}]', 0, '{"points": {"training": 44, "validation": 8, "test": 8}, "test": {"\u03c3xx": {"rmse": 2.550236040464108, "within_one_spread": 0.625}, "\u03c3yy": {"rmse": 2.4917752845540044, "within_one_spread": 0.625}, "\u03c3zz": {"rmse": 2.914891304432983, "within_one_spread": 0.625}, "fcc": {"rmse": 0.14264176047849736, "within_one_spread": 0.625, "mape_percent": 14.468768162865095}, "hcp": {"rmse": 0.12016986918242152, "within_one_spread": 0.875}, "disordered": {"rmse": 0.07656673845475749, "within_one_spread": 0.5}, "dislocations": {"rmse": 0.0006182449588496545, "within_one_spread": 1.0}}}', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', 'sha256:fe4715ea9a21b52da904730084ef0e1d360037fc3525f9f2fc777d8cd5eea598', 23496, '', NULL);
INSERT INTO public.models VALUES ('3dp2b16gg8', '2026-11-28 21:53:58.948137+00', 'd31q3nqv4w', 'x968332dz5', '{"forward_model": {"name": "recorded-structures", "parameters": {"first": null}, "version": 1}, "distortions": [{"name": "broadening", "parameters": {"least": 0.05, "most": 0.3, "lorentzian": 0.5}, "version": 1}, {"name": "zero-shift", "parameters": {"size": 0.05}, "version": 1}, {"name": "background", "parameters": {"least": 0.0, "most": 0.3}, "version": 1}, {"name": "counting-noise", "parameters": {"least": 1000.0, "most": 100000.0}, "version": 1}], "encoder": {"name": "binned", "parameters": {"bins": null, "parts": ["vdos"], "normalisation": "profile"}, "version": 1}, "regressor": {"name": "ridge", "parameters": {}, "version": 1}, "refiner": null}', 'sha256:d623c012fbe50cc4643cae4950553d0afc55d5770b9d53977939971c1b4021dd', '[{"name": "\u03c3xx", "unit": "GPa", "description": "stress along x, tension positive", "lower": -204.22, "upper": 14.48}, {"name": "\u03c3yy", "unit": "GPa", "description": "stress along y, tension positive", "lower": -205.43, "upper": 14.48}, {"name": "\u03c3zz", "unit": "GPa", "description": "stress along the loading axis", "lower": -207.32, "upper": 14.48}, {"name": "fcc", "unit": "", "description": "share of atoms in face-centred cubic order", "lower": 0.354, "upper": 1.0}, {"name": "hcp", "unit": "", "description": "share of atoms in hexagonal order", "lower": 0.0, "upper": 0.353}, {"name": "disordered", "unit": "", "description": "share of atoms in neither order", "lower": 0.0, "upper": 0.302}, {"name": "dislocations", "unit": "1/\u00c5^2", "description": "length of dislocation lines per volume", "lower": 0.0, "upper": 0.00414}]', 0, '{"points": {"training": 44, "validation": 8, "test": 8}, "test": {"\u03c3xx": {"rmse": 2.550236040464108, "within_one_spread": 0.625}, "\u03c3yy": {"rmse": 2.4917752845540044, "within_one_spread": 0.625}, "\u03c3zz": {"rmse": 2.914891304432983, "within_one_spread": 0.625}, "fcc": {"rmse": 0.14264176047849736, "within_one_spread": 0.625, "mape_percent": 14.468768162865095}, "hcp": {"rmse": 0.12016986918242152, "within_one_spread": 0.875}, "disordered": {"rmse": 0.07656673845475749, "within_one_spread": 0.5}, "dislocations": {"rmse": 0.0006182449588496545, "within_one_spread": 1.0}}}', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', 'sha256:49900eea5a356a5bfde11513cc048edac20b57495d09e14d811099245d0d71fa', 35984, '', NULL);
INSERT INTO public.models VALUES ('3egjhrwvag', '2026-11-28 21:54:11.288912+00', '3qgw0mmj6r', 'z43ymy2qkw', '{"forward_model": {"name": "rayleigh-ritz", "parameters": {}, "version": 2}, "distortions": [{"name": "shift", "parameters": {"size": 0.015, "split": 0.5}, "version": 1}, {"name": "missing", "parameters": {"least": 0.0, "most": 0.25}, "version": 1}], "encoder": {"name": "direct", "parameters": {"length": 24}, "version": 1}, "regressor": {"name": "dense", "parameters": {"hidden": [16], "dropout": 0.0, "loss": "gaussian", "copies": 0, "epochs": 120, "batch": 128, "learning_rate": 0.002, "schedule": "cosine", "patience": 10}, "version": 1}, "refiner": {"name": "posterior", "parameters": {"initial_spread": 0.02, "spurious": 1.0, "lengths": 0.0, "sweeps": 60}, "version": 1}}', 'sha256:215f6c19bba23c77ce09865eebc5ea33867df3811db0dae962f3b84efbae36e4', '[{"name": "C11", "unit": "GPa", "description": "stiffness C11", "lower": 76.0, "upper": 140.0}, {"name": "C44", "unit": "GPa", "description": "stiffness C44", "lower": 18.0, "upper": 35.0}]', 7, '{"points": {"training": 151, "validation": 29, "test": 29}, "test": {"C11": {"rmse": 14.681268917484864, "within_one_spread": 0.8275862068965517, "mape_percent": 11.134517023003285}, "C44": {"rmse": 3.000453235347471, "within_one_spread": 0.6206896551724138, "mape_percent": 9.91100739453657}}}', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', 'sha256:c510bef16a391569e5ba7745783619a27f3b0d3147f40481f381e1e7945b48a3', 13006, 'trained by mistake', '2026-11-28 21:54:21.701629+00');
INSERT INTO public.models VALUES ('3q2jvnstjr', '2026-11-28 21:52:57.865385+00', 'qvccm71w2d', '8hq1pc20mg', '{"forward_model": {"name": "recorded-structures", "parameters": {"first": null}, "version": 1}, "distortions": [{"name": "broadening", "parameters": {"least": 0.05, "most": 0.3, "lorentzian": 0.5}, "version": 1}, {"name": "zero-shift", "parameters": {"size": 0.05}, "version": 1}, {"name": "background", "parameters": {"least": 0.0, "most": 0.3}, "version": 1}, {"name": "counting-noise", "parameters": {"least": 1000.0, "most": 100000.0}, "version": 1}], "encoder": {"name": "binned", "parameters": {"bins": 50, "parts": null, "normalisation": "profile"}, "version": 1}, "regressor": {"name": "reconstruction", "parameters": {"latent": 6, "channels": [2, 3], "kernel": 5, "activation": "linear", "hidden": [8, 8], "dropout": 0.2, "batch": 32, "epochs": 60, "patience": 40, "learning_rate": 0.003, "weight_decay": 0.0001, "decay": true, "autoencoder_epochs": 40, "autoencoder_learning_rate": 0.001, "autoencoder_weight_decay": 0.001}, "version": 1}, "refiner": null}', 'sha256:096f61f45b6223c46cb5c9e7b3e64170ab20a7ace707fd71967dc5eef5a2dfa0', '[{"name": "\u03c3xx", "unit": "GPa", "description": "stress along x, tension positive", "lower": -204.22, "upper": 14.48}, {"name": "\u03c3yy", "unit": "GPa", "description": "stress along y, tension positive", "lower": -205.43, "upper": 14.48}, {"name": "\u03c3zz", "unit": "GPa", "description": "stress along the loading axis", "lower": -207.32, "upper": 14.48}, {"name": "fcc", "unit": "", "description": "share of atoms in face-centred cubic order", "lower": 0.354, "upper": 1.0}, {"name": "hcp", "unit": "", "description": "share of atoms in hexagonal order", "lower": 0.0, "upper": 0.353}, {"name": "disordered", "unit": "", "description": "share of atoms in neither order", "lower": 0.0, "upper": 0.302}, {"name": "dislocations", "unit": "1/\u00c5^2", "description": "length of dislocation lines per volume", "lower": 0.0, "upper": 0.00414}]', 0, '{"points": {"training": 44, "validation": 8, "test": 8}, "test": {"\u03c3xx": {"rmse": 64.85984611502828, "within_one_spread": 0.75}, "\u03c3yy": {"rmse": 57.120902073334065, "within_one_spread": 0.625}, "\u03c3zz": {"rmse": 32.85234264102158, "within_one_spread": 0.75}, "fcc": {"rmse": 0.18129585390434952, "within_one_spread": 0.5, "mape_percent": 16.78393939591501}, "hcp": {"rmse": 0.12950370317365706, "within_one_spread": 0.75}, "disordered": {"rmse": 0.06941356101948262, "within_one_spread": 0.75}, "dislocations": {"rmse": 0.0007208327387356169, "within_one_spread": 1.0}}}', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', 'sha256:a69e9501bdfb0454bd923b9060cd1ed25d3831f5e1cb5f2d26bc15e22a4f7f97', 29706, '', NULL);
INSERT INTO public.models VALUES ('5953vqctwt', '2026-11-28 21:52:13.327503+00', '3qgw0mmj6r', 'z43ymy2qkw', '{"forward_model": {"name": "rayleigh-ritz", "parameters": {}, "version": 2}, "distortions": [{"name": "shift", "parameters": {"size": 0.015, "split": 0.5}, "version": 1}, {"name": "missing", "parameters": {"least": 0.0, "most": 0.1}, "version": 1}], "encoder": {"name": "derivative", "parameters": {"length": 24}, "version": 1}, "regressor": {"name": "dense", "parameters": {"hidden": [16], "dropout": 0.0, "loss": "mse", "copies": 2, "epochs": 120, "batch": 128, "learning_rate": 0.002, "schedule": "cosine", "patience": 10}, "version": 1}, "refiner": {"name": "posterior", "parameters": {"initial_spread": 0.02, "spurious": 1.0, "lengths": 0.001, "sweeps": 60}, "version": 1}}', 'sha256:af382754395a6eba2168dc6180c6171277ea0b217d5309d403ed0f9e4272cde3', '[{"name": "C11", "unit": "GPa", "description": "stiffness C11", "lower": 76.0, "upper": 140.0}, {"name": "C44", "unit": "GPa", "description": "stiffness C44", "lower": 18.0, "upper": 35.0}]', 0, '{"points": {"training": 151, "validation": 29, "test": 29}, "test": {"C11": {"rmse": 18.028521958558454, "within_one_spread": 0.6206896551724138, "mape_percent": 14.524817497433853}, "C44": {"rmse": 2.3106622155196064, "within_one_spread": 0.7931034482758621, "mape_percent": 7.4629043440939205}}}', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', 'sha256:eda65d34208a263c5f6dd5cf7d870cd84bb6b5ae945c78da60f52ffefcd86ebb', 12870, '', NULL);
INSERT INTO public.models VALUES ('83b2we132g', '2026-11-28 21:51:39.183933+00', '3qgw0mmj6r', 'z43ymy2qkw', '{"forward_model": {"name": "rayleigh-ritz", "parameters": {}, "version": 2}, "distortions": [{"name": "shift", "parameters": {"size": 0.015, "split": 0.5}, "version": 1}, {"name": "missing", "parameters": {"least": 0.0, "most": 0.25}, "version": 1}], "encoder": {"name": "fingerprint", "parameters": {"bins": 256, "counting": "histogram"}, "version": 1}, "regressor": {"name": "dense", "parameters": {"hidden": [256, 256, 128], "dropout": 0.0, "loss": "gaussian", "copies": 0, "epochs": 120, "batch": 128, "learning_rate": 0.002, "schedule": "cosine", "patience": 10}, "version": 1}, "refiner": {"name": "posterior", "parameters": {"initial_spread": 0.02, "spurious": 1.0, "lengths": 0.0, "sweeps": 60}, "version": 1}}', 'sha256:0cd7b5d2d06b72c9c5d4aa0311dd9ddd21c2063911b834fa0772b9ca59b93ca3', '[{"name": "C11", "unit": "GPa", "description": "stiffness C11", "lower": 76.0, "upper": 140.0}, {"name": "C44", "unit": "GPa", "description": "stiffness C44", "lower": 18.0, "upper": 35.0}]', 0, '{"points": {"training": 151, "validation": 29, "test": 29}, "test": {"C11": {"rmse": 21.38665686889811, "within_one_spread": 0.5517241379310345, "mape_percent": 17.30066442117188}, "C44": {"rmse": 1.8655367543015806, "within_one_spread": 0.7241379310344828, "mape_percent": 5.328121139699798}}}', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', 'sha256:0a076b049868186f94ea28497231740e9a7595979638541b64da1efc0f835157', 672224, '', NULL);
INSERT INTO public.models VALUES ('g6azt8m52r', '2026-11-28 21:53:53.705767+00', 'd31q3nqv4w', 'x968332dz5', '{"forward_model": {"name": "recorded-structures", "parameters": {"first": null}, "version": 1}, "distortions": [{"name": "broadening", "parameters": {"least": 0.05, "most": 0.3, "lorentzian": 0.5}, "version": 1}, {"name": "zero-shift", "parameters": {"size": 0.05}, "version": 1}, {"name": "background", "parameters": {"least": 0.0, "most": 0.3}, "version": 1}, {"name": "counting-noise", "parameters": {"least": 1000.0, "most": 100000.0}, "version": 1}], "encoder": {"name": "binned", "parameters": {"bins": 50, "parts": null, "normalisation": "profile"}, "version": 1}, "regressor": {"name": "multimodal", "parameters": {"latent": 6, "channels": [2, 3], "kernel": 5, "activation": "linear", "hidden": [8, 8], "dropout": 0.2, "batch": 32, "epochs": 60, "patience": 40, "learning_rate": 0.003, "weight_decay": 0.0001, "decay": true, "scales": [3.0, 3.0]}, "version": 1}, "refiner": null}', 'sha256:13dd3eac6d6b0f83444f242bb9e2e734cf2847c43efc20ae7b11730ba91464bc', '[{"name": "\u03c3xx", "unit": "GPa", "description": "stress along x, tension positive", "lower": -204.22, "upper": 14.48}, {"name": "\u03c3yy", "unit": "GPa", "description": "stress along y, tension positive", "lower": -205.43, "upper": 14.48}, {"name": "\u03c3zz", "unit": "GPa", "description": "stress along the loading axis", "lower": -207.32, "upper": 14.48}, {"name": "fcc", "unit": "", "description": "share of atoms in face-centred cubic order", "lower": 0.354, "upper": 1.0}, {"name": "hcp", "unit": "", "description": "share of atoms in hexagonal order", "lower": 0.0, "upper": 0.353}, {"name": "disordered", "unit": "", "description": "share of atoms in neither order", "lower": 0.0, "upper": 0.302}, {"name": "dislocations", "unit": "1/\u00c5^2", "description": "length of dislocation lines per volume", "lower": 0.0, "upper": 0.00414}]', 0, '{"points": {"training": 44, "validation": 8, "test": 8}, "test": {"\u03c3xx": {"rmse": 64.38056717253428, "within_one_spread": 0.625}, "\u03c3yy": {"rmse": 19.984792927113975, "within_one_spread": 0.625}, "\u03c3zz": {"rmse": 74.95448394452343, "within_one_spread": 0.625}, "fcc": {"rmse": 0.16913964350856153, "within_one_spread": 0.625, "mape_percent": 15.737686562124825}, "hcp": {"rmse": 0.12930771683095071, "within_one_spread": 0.875}, "disordered": {"rmse": 0.06844490835833397, "within_one_spread": 0.75}, "dislocations": {"rmse": 0.0005485717055274911, "within_one_spread": 1.0}}}', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', 'sha256:6f09caed98b4bba11aadad062a12d6205c2fbe25c1177dda62b0961d026cc96c', 46818, '', NULL);
INSERT INTO public.models VALUES ('mrjdk03sma', '2026-11-28 21:53:33.151834+00', 'c1sjkp1xdj', '8wnvaegpcm', '{"forward_model": {"name": "recorded-structures", "parameters": {"first": null}, "version": 1}, "distortions": [], "encoder": {"name": "binned", "parameters": {"bins": null, "parts": null, "normalisation": "profile"}, "version": 1}, "regressor": {"name": "gaussian-process", "parameters": {"components": 40}, "version": 2}, "refiner": null}', 'sha256:75cbe6bdf42f95e2b1f08db72906491f9a5ca37d2d76fb443c2839b16e78124d', '[{"name": "\u03c3xx", "unit": "GPa", "description": "stress along x, tension positive", "lower": -204.22, "upper": 14.48}, {"name": "\u03c3yy", "unit": "GPa", "description": "stress along y, tension positive", "lower": -205.43, "upper": 14.48}, {"name": "\u03c3zz", "unit": "GPa", "description": "stress along the loading axis", "lower": -207.32, "upper": 14.48}, {"name": "fcc", "unit": "", "description": "share of atoms in face-centred cubic order", "lower": 0.354, "upper": 1.0}, {"name": "hcp", "unit": "", "description": "share of atoms in hexagonal order", "lower": 0.0, "upper": 0.353}, {"name": "disordered", "unit": "", "description": "share of atoms in neither order", "lower": 0.0, "upper": 0.302}, {"name": "dislocations", "unit": "1/\u00c5^2", "description": "length of dislocation lines per volume", "lower": 0.0, "upper": 0.00414}]', 0, '{"points": {"training": 44, "validation": 8, "test": 8}, "test": {"\u03c3xx": {"rmse": 6.500065088921331, "within_one_spread": 0.625}, "\u03c3yy": {"rmse": 6.153046201225197, "within_one_spread": 0.625}, "\u03c3zz": {"rmse": 8.119443831927102, "within_one_spread": 0.875}, "fcc": {"rmse": 0.12596883076195953, "within_one_spread": 0.5, "mape_percent": 13.063853796934072}, "hcp": {"rmse": 0.12145886647947306, "within_one_spread": 0.75}, "disordered": {"rmse": 0.07133656393328823, "within_one_spread": 0.625}, "dislocations": {"rmse": 0.0006007671992249108, "within_one_spread": 1.0}}}', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', 'sha256:a283224cd9e02e1e881ae62f5d9993aa288b4615b5671318ca733f75dcff6732', 74282, '', NULL);
INSERT INTO public.models VALUES ('n9p2vfmyyw', '2026-11-28 21:53:15.189294+00', 'qvccm71w2d', '8hq1pc20mg', '{"forward_model": {"name": "recorded-structures", "parameters": {"first": null}, "version": 1}, "distortions": [{"name": "broadening", "parameters": {"least": 0.05, "most": 0.3, "lorentzian": 0.5}, "version": 1}, {"name": "zero-shift", "parameters": {"size": 0.05}, "version": 1}, {"name": "background", "parameters": {"least": 0.0, "most": 0.3}, "version": 1}, {"name": "counting-noise", "parameters": {"least": 1000.0, "most": 100000.0}, "version": 1}], "encoder": {"name": "binned", "parameters": {"bins": 50, "parts": null, "normalisation": "profile"}, "version": 1}, "regressor": {"name": "regression", "parameters": {"latent": 6, "channels": [2, 3], "kernel": 5, "activation": "relu", "hidden": [8, 8], "dropout": 0.2, "batch": 32, "epochs": 60, "patience": 40, "learning_rate": 0.003, "weight_decay": 0.0001, "decay": true}, "version": 1}, "refiner": null}', 'sha256:422dc498e4d23665f05353c7612ffe5172ea0cc4b4bc5bc366a92dff7301341b', '[{"name": "\u03c3xx", "unit": "GPa", "description": "stress along x, tension positive", "lower": -204.22, "upper": 14.48}, {"name": "\u03c3yy", "unit": "GPa", "description": "stress along y, tension positive", "lower": -205.43, "upper": 14.48}, {"name": "\u03c3zz", "unit": "GPa", "description": "stress along the loading axis", "lower": -207.32, "upper": 14.48}, {"name": "fcc", "unit": "", "description": "share of atoms in face-centred cubic order", "lower": 0.354, "upper": 1.0}, {"name": "hcp", "unit": "", "description": "share of atoms in hexagonal order", "lower": 0.0, "upper": 0.353}, {"name": "disordered", "unit": "", "description": "share of atoms in neither order", "lower": 0.0, "upper": 0.302}, {"name": "dislocations", "unit": "1/\u00c5^2", "description": "length of dislocation lines per volume", "lower": 0.0, "upper": 0.00414}]', 0, '{"points": {"training": 44, "validation": 8, "test": 8}, "test": {"\u03c3xx": {"rmse": 108.03307978415842, "within_one_spread": 0.625}, "\u03c3yy": {"rmse": 64.21077320763067, "within_one_spread": 0.75}, "\u03c3zz": {"rmse": 28.006606060038255, "within_one_spread": 0.75}, "fcc": {"rmse": 0.27814413959021544, "within_one_spread": 0.5, "mape_percent": 27.78894420625977}, "hcp": {"rmse": 0.1300817043038499, "within_one_spread": 0.625}, "disordered": {"rmse": 0.06988516626090119, "within_one_spread": 0.75}, "dislocations": {"rmse": 0.0007064639889211437, "within_one_spread": 1.0}}}', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', 'sha256:9b01ac757e29a396be2cfd5e966be0c7c1b2759ce8941e76b61098c93f934607', 28452, '', NULL);
INSERT INTO public.models VALUES ('qfgnkcf23v', '2026-11-28 21:53:27.717705+00', 'qvccm71w2d', '8hq1pc20mg', '{"forward_model": {"name": "recorded-structures", "parameters": {"first": null}, "version": 1}, "distortions": [{"name": "broadening", "parameters": {"least": 0.05, "most": 0.3, "lorentzian": 0.5}, "version": 1}, {"name": "zero-shift", "parameters": {"size": 0.05}, "version": 1}, {"name": "background", "parameters": {"least": 0.0, "most": 0.3}, "version": 1}, {"name": "counting-noise", "parameters": {"least": 1000.0, "most": 100000.0}, "version": 1}], "encoder": {"name": "binned", "parameters": {"bins": 50, "parts": null, "normalisation": "profile"}, "version": 1}, "regressor": {"name": "hybrid", "parameters": {"latent": 6, "channels": [2, 3], "kernel": 5, "activation": "leaky_relu", "hidden": [8, 8], "dropout": 0.2, "batch": 32, "epochs": 60, "patience": 40, "learning_rate": 0.003, "weight_decay": 0.0001, "decay": true, "scale": 3.0}, "version": 1}, "refiner": null}', 'sha256:1c5821421018b4f84cc3234cd2bfa3acdc872b4fec6e6988859c073abd90c182', '[{"name": "\u03c3xx", "unit": "GPa", "description": "stress along x, tension positive", "lower": -204.22, "upper": 14.48}, {"name": "\u03c3yy", "unit": "GPa", "description": "stress along y, tension positive", "lower": -205.43, "upper": 14.48}, {"name": "\u03c3zz", "unit": "GPa", "description": "stress along the loading axis", "lower": -207.32, "upper": 14.48}, {"name": "fcc", "unit": "", "description": "share of atoms in face-centred cubic order", "lower": 0.354, "upper": 1.0}, {"name": "hcp", "unit": "", "description": "share of atoms in hexagonal order", "lower": 0.0, "upper": 0.353}, {"name": "disordered", "unit": "", "description": "share of atoms in neither order", "lower": 0.0, "upper": 0.302}, {"name": "dislocations", "unit": "1/\u00c5^2", "description": "length of dislocation lines per volume", "lower": 0.0, "upper": 0.00414}]', 0, '{"points": {"training": 44, "validation": 8, "test": 8}, "test": {"\u03c3xx": {"rmse": 119.68708412725097, "within_one_spread": 0.625}, "\u03c3yy": {"rmse": 54.0347391410538, "within_one_spread": 0.75}, "\u03c3zz": {"rmse": 14.635379746407544, "within_one_spread": 0.875}, "fcc": {"rmse": 0.29192218285765326, "within_one_spread": 0.5, "mape_percent": 29.704969707134655}, "hcp": {"rmse": 0.12964279456558625, "within_one_spread": 0.625}, "disordered": {"rmse": 0.07195522696678457, "within_one_spread": 0.625}, "dislocations": {"rmse": 0.0006478409812189369, "within_one_spread": 1.0}}}', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', 'sha256:0c916922f4a085e0bd4d6d303c787fbf80b28d5b71da938378ad207c6f04c604', 30062, '', NULL);
INSERT INTO public.models VALUES ('qptfrzcdpj', '2026-11-28 21:52:43.800026+00', 'qvccm71w2d', '8hq1pc20mg', '{"forward_model": {"name": "recorded-structures", "parameters": {"first": null}, "version": 1}, "distortions": [{"name": "broadening", "parameters": {"least": 0.05, "most": 0.3, "lorentzian": 0.5}, "version": 1}, {"name": "zero-shift", "parameters": {"size": 0.05}, "version": 1}, {"name": "background", "parameters": {"least": 0.0, "most": 0.3}, "version": 1}, {"name": "counting-noise", "parameters": {"least": 1000.0, "most": 100000.0}, "version": 1}], "encoder": {"name": "binned", "parameters": {"bins": null, "parts": null, "normalisation": "set"}, "version": 1}, "regressor": {"name": "ridge", "parameters": {}, "version": 1}, "refiner": null}', 'sha256:4232211884661c68c37e0f9507ef304c731a83246c4f5c83dfd7c3148c5eace4', '[{"name": "\u03c3xx", "unit": "GPa", "description": "stress along x, tension positive", "lower": -204.22, "upper": 14.48}, {"name": "\u03c3yy", "unit": "GPa", "description": "stress along y, tension positive", "lower": -205.43, "upper": 14.48}, {"name": "\u03c3zz", "unit": "GPa", "description": "stress along the loading axis", "lower": -207.32, "upper": 14.48}, {"name": "fcc", "unit": "", "description": "share of atoms in face-centred cubic order", "lower": 0.354, "upper": 1.0}, {"name": "hcp", "unit": "", "description": "share of atoms in hexagonal order", "lower": 0.0, "upper": 0.353}, {"name": "disordered", "unit": "", "description": "share of atoms in neither order", "lower": 0.0, "upper": 0.302}, {"name": "dislocations", "unit": "1/\u00c5^2", "description": "length of dislocation lines per volume", "lower": 0.0, "upper": 0.00414}]', 0, '{"points": {"training": 44, "validation": 8, "test": 8}, "test": {"\u03c3xx": {"rmse": 3.342571446129509, "within_one_spread": 0.75}, "\u03c3yy": {"rmse": 3.2652221034008155, "within_one_spread": 0.75}, "\u03c3zz": {"rmse": 2.4523873035659136, "within_one_spread": 0.625}, "fcc": {"rmse": 0.11460558617252228, "within_one_spread": 0.625, "mape_percent": 12.650513063274026}, "hcp": {"rmse": 0.11711182917295536, "within_one_spread": 0.75}, "disordered": {"rmse": 0.05413556909643055, "within_one_spread": 0.75}, "dislocations": {"rmse": 0.0006183604432787531, "within_one_spread": 1.0}}}', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', 'sha256:f77f2c9a1463b287d7ee56e13c10f39e422acd013677180163445a6c4a316b12', 27620, '', NULL);
INSERT INTO public.models VALUES ('qs7rgemd16', '2026-11-28 21:52:21.339963+00', 'm293923phd', 'm67myj35dx', '{"forward_model": {"name": "rayleigh-ritz", "parameters": {}, "version": 2}, "distortions": [{"name": "shift", "parameters": {"size": 0.015, "split": 0.5}, "version": 1}, {"name": "missing", "parameters": {"least": 0.0, "most": 0.25}, "version": 1}], "encoder": {"name": "broadened", "parameters": {"bins": 256, "width": 0.01}, "version": 1}, "regressor": {"name": "nearest", "parameters": {"neighbours": 8, "candidates": 24}, "version": 1}, "refiner": {"name": "posterior", "parameters": {"initial_spread": 0.02, "spurious": 1.0, "lengths": 0.0, "sweeps": 60}, "version": 1}}', 'sha256:efcb6b7408ef39029b0f926be02c0206ee244dfdd0b2183558d0e539207efd5d', '[{"name": "C11", "unit": "GPa", "description": "stiffness C11", "lower": 280.0, "upper": 360.0}, {"name": "C12", "unit": "GPa", "description": "stiffness C12", "lower": 90.0, "upper": 120.0}, {"name": "C44", "unit": "GPa", "description": "stiffness C44", "lower": 110.0, "upper": 140.0}]', 0, '{"points": {"training": 44, "validation": 8, "test": 8}, "test": {"C11": {"rmse": 12.144899640511916, "within_one_spread": 0.5, "mape_percent": 3.511196133593971}, "C12": {"rmse": 10.606395242046672, "within_one_spread": 0.5, "mape_percent": 8.840961494435048}, "C44": {"rmse": 11.56839330860615, "within_one_spread": 0.5, "mape_percent": 7.5610215902810225}}}', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', 'sha256:080a1c95451e45150b852b30f15cc56749e5fc081e2083e2a65144d991db6bbe', 53120, '', NULL);
INSERT INTO public.models VALUES ('qzxyj2heke', '2026-11-28 21:52:38.500449+00', 'zg30y1nj3z', '4z8yph624n', '{"forward_model": {"name": "rayleigh-ritz", "parameters": {}, "version": 2}, "distortions": [{"name": "shift", "parameters": {"size": 0.015, "split": 0.5}, "version": 1}, {"name": "missing", "parameters": {"least": 0.0, "most": 0.25}, "version": 1}], "encoder": {"name": "broadened", "parameters": {"bins": 256, "width": 0.01}, "version": 1}, "regressor": {"name": "nearest", "parameters": {"neighbours": 8, "candidates": 24}, "version": 1}, "refiner": {"name": "posterior", "parameters": {"initial_spread": 0.02, "spurious": 1.0, "lengths": 0.0, "sweeps": 60}, "version": 1}}', 'sha256:efcb6b7408ef39029b0f926be02c0206ee244dfdd0b2183558d0e539207efd5d', '[{"name": "C11", "unit": "GPa", "description": "stiffness C11", "lower": 76.0, "upper": 140.0}, {"name": "C44", "unit": "GPa", "description": "stiffness C44", "lower": 18.0, "upper": 35.0}]', 0, '{"points": {"training": 151, "validation": 29, "test": 29}, "test": {"C11": {"rmse": 21.295916923119535, "within_one_spread": 0.5862068965517241, "mape_percent": 16.178446085377512}, "C44": {"rmse": 0.45524373448091054, "within_one_spread": 0.8620689655172413, "mape_percent": 1.156094262321733}}}', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', 'sha256:46152c74c6b13bc592606c051283b7f2faf6762858262efc70db223438584351', 164024, '', NULL);
INSERT INTO public.models VALUES ('vkgpg1r4b6', '2026-11-28 21:52:42.334974+00', 'qvccm71w2d', '8hq1pc20mg', '{"forward_model": {"name": "recorded-structures", "parameters": {"first": null}, "version": 1}, "distortions": [{"name": "broadening", "parameters": {"least": 0.05, "most": 0.3, "lorentzian": 0.5}, "version": 1}, {"name": "zero-shift", "parameters": {"size": 0.05}, "version": 1}, {"name": "background", "parameters": {"least": 0.0, "most": 0.3}, "version": 1}, {"name": "counting-noise", "parameters": {"least": 1000.0, "most": 100000.0}, "version": 1}], "encoder": {"name": "binned", "parameters": {"bins": null, "parts": null, "normalisation": "profile"}, "version": 1}, "regressor": {"name": "gaussian-process", "parameters": {"components": 40}, "version": 2}, "refiner": null}', 'sha256:2eb7a29a9faa4040bb2f49e7da475e12650b4d01302762148fb5a18cb0116287', '[{"name": "\u03c3xx", "unit": "GPa", "description": "stress along x, tension positive", "lower": -204.22, "upper": 14.48}, {"name": "\u03c3yy", "unit": "GPa", "description": "stress along y, tension positive", "lower": -205.43, "upper": 14.48}, {"name": "\u03c3zz", "unit": "GPa", "description": "stress along the loading axis", "lower": -207.32, "upper": 14.48}, {"name": "fcc", "unit": "", "description": "share of atoms in face-centred cubic order", "lower": 0.354, "upper": 1.0}, {"name": "hcp", "unit": "", "description": "share of atoms in hexagonal order", "lower": 0.0, "upper": 0.353}, {"name": "disordered", "unit": "", "description": "share of atoms in neither order", "lower": 0.0, "upper": 0.302}, {"name": "dislocations", "unit": "1/\u00c5^2", "description": "length of dislocation lines per volume", "lower": 0.0, "upper": 0.00414}]', 0, '{"points": {"training": 44, "validation": 8, "test": 8}, "test": {"\u03c3xx": {"rmse": 4.993516941022887, "within_one_spread": 0.875}, "\u03c3yy": {"rmse": 5.131671328900019, "within_one_spread": 0.875}, "\u03c3zz": {"rmse": 4.546381812365342, "within_one_spread": 0.875}, "fcc": {"rmse": 0.07375543687257369, "within_one_spread": 0.875, "mape_percent": 7.831326843504879}, "hcp": {"rmse": 0.0875457699629632, "within_one_spread": 0.75}, "disordered": {"rmse": 0.06917655042438006, "within_one_spread": 0.75}, "dislocations": {"rmse": 0.0006389985464050319, "within_one_spread": 1.0}}}', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', 'sha256:ec040827f5a2159b1715719e3165f38a6cc97072f763f35eb20d9314bd12975c', 86566, '', NULL);
INSERT INTO public.models VALUES ('wqr6f63br3', '2026-11-28 21:53:37.899881+00', 'd31q3nqv4w', 'x968332dz5', '{"forward_model": {"name": "recorded-structures", "parameters": {"first": null}, "version": 1}, "distortions": [{"name": "broadening", "parameters": {"least": 0.05, "most": 0.3, "lorentzian": 0.5}, "version": 1}, {"name": "zero-shift", "parameters": {"size": 0.05}, "version": 1}, {"name": "background", "parameters": {"least": 0.0, "most": 0.3}, "version": 1}, {"name": "counting-noise", "parameters": {"least": 1000.0, "most": 100000.0}, "version": 1}], "encoder": {"name": "binned", "parameters": {"bins": null, "parts": null, "normalisation": "profile"}, "version": 1}, "regressor": {"name": "gaussian-process", "parameters": {"components": 40}, "version": 2}, "refiner": null}', 'sha256:2eb7a29a9faa4040bb2f49e7da475e12650b4d01302762148fb5a18cb0116287', '[{"name": "\u03c3xx", "unit": "GPa", "description": "stress along x, tension positive", "lower": -204.22, "upper": 14.48}, {"name": "\u03c3yy", "unit": "GPa", "description": "stress along y, tension positive", "lower": -205.43, "upper": 14.48}, {"name": "\u03c3zz", "unit": "GPa", "description": "stress along the loading axis", "lower": -207.32, "upper": 14.48}, {"name": "fcc", "unit": "", "description": "share of atoms in face-centred cubic order", "lower": 0.354, "upper": 1.0}, {"name": "hcp", "unit": "", "description": "share of atoms in hexagonal order", "lower": 0.0, "upper": 0.353}, {"name": "disordered", "unit": "", "description": "share of atoms in neither order", "lower": 0.0, "upper": 0.302}, {"name": "dislocations", "unit": "1/\u00c5^2", "description": "length of dislocation lines per volume", "lower": 0.0, "upper": 0.00414}]', 0, '{"points": {"training": 44, "validation": 8, "test": 8}, "test": {"\u03c3xx": {"rmse": 3.803232822297849, "within_one_spread": 0.5}, "\u03c3yy": {"rmse": 3.5899182160645857, "within_one_spread": 0.625}, "\u03c3zz": {"rmse": 7.916398957284224, "within_one_spread": 0.625}, "fcc": {"rmse": 0.08155754648250665, "within_one_spread": 0.875, "mape_percent": 7.587305238796029}, "hcp": {"rmse": 0.10336281963431214, "within_one_spread": 0.625}, "disordered": {"rmse": 0.07651794690043383, "within_one_spread": 0.625}, "dislocations": {"rmse": 0.0006007716849059398, "within_one_spread": 1.0}}}', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', 'sha256:6cbcbcd4c10203c37bee9f95ac3cd20d54303475f9cbb5868432074b924f5ff4', 238614, '', NULL);


--
-- Data for Name: prediction_tags; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.prediction_tags VALUES ('79m25p9cmy', 'rus derivative not refined');
INSERT INTO public.prediction_tags VALUES ('7bfbn2x60d', 'rus not refined');
INSERT INTO public.prediction_tags VALUES ('85921wg50c', 'rus mesh');
INSERT INTO public.prediction_tags VALUES ('brrrmzs9x4', 'xrd reconstruction');
INSERT INTO public.prediction_tags VALUES ('c8s7c0ej6f', 'vdos ridge');
INSERT INTO public.prediction_tags VALUES ('eb6njrtmx2', 'rus without network');
INSERT INTO public.prediction_tags VALUES ('fydp3bgq5s', 'rus retired');
INSERT INTO public.prediction_tags VALUES ('g664cz8n51', 'xrd hybrid');
INSERT INTO public.prediction_tags VALUES ('h8e8ag31t4', 'xrd+vdos multimodal');
INSERT INTO public.prediction_tags VALUES ('hg6rhkdq3y', 'xrd ridge');
INSERT INTO public.prediction_tags VALUES ('je0vpy58p9', 'rus direct not refined');
INSERT INTO public.prediction_tags VALUES ('jrymxh3fg0', 'rus direct');
INSERT INTO public.prediction_tags VALUES ('k1s5kbpjdm', 'xrd+vdos of one part');
INSERT INTO public.prediction_tags VALUES ('k5te2z9t5e', 'rus without network not refined');
INSERT INTO public.prediction_tags VALUES ('kxrf2mpcew', 'xrd');
INSERT INTO public.prediction_tags VALUES ('t7at0qdkt3', 'vdos');
INSERT INTO public.prediction_tags VALUES ('tcfxybaeeg', 'xrd+vdos');
INSERT INTO public.prediction_tags VALUES ('vbg3p8jzn1', 'xrd of an xrdml file');
INSERT INTO public.prediction_tags VALUES ('vj8ds1eebj', 'rus derivative');
INSERT INTO public.prediction_tags VALUES ('xr0sawgfpx', 'rus crystal');
INSERT INTO public.prediction_tags VALUES ('y6e00y4cgg', 'xrd regression');
INSERT INTO public.prediction_tags VALUES ('zdn8e5xm0p', 'rus');


--
-- Data for Name: predictions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.predictions VALUES ('79m25p9cmy', '2026-11-28 21:52:18.506342+00', '5953vqctwt', 'ejpvs85nvc', NULL, '', '{"notes": ["12 peaks outside the window 0.1 to 0.28 MHz were left out.", "The uncertainties are those of the fit alone; an error of 1 % in the density moves every modulus by 1 %, one of 1 % in all dimensions by 2 %."], "tables": {}, "reader": {"name": "peak-list", "parameters": {"unit": "MHz"}, "version": 1}, "refiner": null, "covariance": null}', 'spectra analyze block.dat --sample block.yaml --encoder derivative --set encoder.length=24 --set ''regressor.hidden=[16]'' --set regressor.loss=mse --set regressor.copies=2 --set missing.most=0.1 --no-refine --tag ''rus derivative not refined'' --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', '');
INSERT INTO public.predictions VALUES ('7bfbn2x60d', '2026-11-28 21:51:42.744514+00', '83b2we132g', 'ejpvs85nvc', NULL, '', '{"notes": ["12 peaks outside the window 0.1 to 0.28 MHz were left out.", "The uncertainties are those of the fit alone; an error of 1 % in the density moves every modulus by 1 %, one of 1 % in all dimensions by 2 %."], "tables": {}, "reader": {"name": "peak-list", "parameters": {"unit": "MHz"}, "version": 1}, "refiner": null, "covariance": null}', 'spectra analyze block.dat --sample block.yaml --no-refine --tag ''rus not refined'' --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', '');
INSERT INTO public.predictions VALUES ('85921wg50c', '2026-11-28 21:52:39.503764+00', 'qzxyj2heke', '7kcgqjq0wb', 0.3179531647009584, '%', '{"notes": ["The uncertainties are those of the fit alone; an error of 1 % in the density moves every modulus by 1 %, one of 1 % in all dimensions by 2 %."], "tables": {"modes": {"title": "Modes", "notes": [], "units": {"measured": "MHz", "computed": "MHz", "difference": "%"}, "columns": {"measured": [0.116716, 0.143783, 0.158081, 0.1665, 0.169523, 0.177846, 0.183875, 0.186047, 0.190341, 0.197386, 0.201133, 0.207386, 0.20983600000000002, 0.214753], "computed": [0.11618533252501523, 0.14332825056239862, 0.15816780466592895, 0.16586534783721812, 0.16926265386860756, 0.17839381883663996, 0.1845054701306186, 0.185170710498333, 0.18999843946451644, 0.19722488851811387, 0.20135567905625143, 0.20698887708555358, 0.2109690338908876, 0.2155046681896885], "difference": [0.4567422267957255, 0.3172783005562563, -0.0548813749500332, 0.38263095399815317, 0.1538119162390883, -0.3070839787008617, -0.341708096877702, 0.4732333203824268, 0.1802964995128553, 0.08168922446689653, -0.11058990602853536, 0.19185712780220854, -0.5370617052138371, -0.3487943885405187], "probability": [1.0, 0.9979166666666667, 1.0, 0.9989583333333333, 1.0, 1.0, 0.971875, 0.971875, 0.9979166666666667, 0.9979166666666667, 1.0, 0.9989583333333333, 0.9979166666666667, 1.0], "dlnf/dlnC11": [0.0003478740795244192, 0.0005651280128448914, 0.02299844343048429, 0.03452861626247797, 0.004991271951689666, 0.004336195211214766, 0.021168277550057988, 0.0027947689724129657, 0.0030187855818768748, 0.11706264787440519, 0.005395198769360384, 0.053235442347092835, 0.004560407480495569, 0.052823948923896386], "dlnf/dlnC44": [0.4996521259204901, 0.4994348719871475, 0.47700155656955856, 0.4654713837374804, 0.49500872804830676, 0.49566380478878724, 0.4788317224499485, 0.4972052310275931, 0.49698121441813836, 0.3829373521255911, 0.4946048012306225, 0.446764557652894, 0.4954395925194938, 0.44717605107610753], "status": ["matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched"]}}}, "reader": {"name": "peak-list", "parameters": {"unit": "kHz"}, "version": 1}, "refiner": {"name": "posterior", "parameters": {"initial_spread": 0.02, "spurious": 1.0, "lengths": 0.0, "sweeps": 60}, "version": 1}, "covariance": [[10.537469081666453, -0.0767530357074037], [-0.0767530357074037, 0.0029583089145047577]]}', 'spectra analyze block-khz.txt --sample mesh.yaml --no-network --set reader.unit=kHz --tag ''rus mesh'' --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', '');
INSERT INTO public.predictions VALUES ('brrrmzs9x4', '2026-11-28 21:52:57.937575+00', '3q2jvnstjr', 'b170g0sfh3', NULL, '', '{"notes": [], "tables": {}, "reader": {"name": "profile-text", "parameters": {"wavelength": 1.54}, "version": 1}, "refiner": null, "covariance": null}', 'spectra analyze specimen.xy --sample gold-xrd.yaml --set reader.wavelength=1.54 --regressor reconstruction --set encoder.bins=50 --set ''regressor.channels=[2, 3]'' --set ''regressor.hidden=[8, 8]'' --set regressor.latent=6 --set regressor.epochs=60 --set regressor.learning_rate=0.003 --set regressor.autoencoder_epochs=40 --tag ''xrd reconstruction'' --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', '');
INSERT INTO public.predictions VALUES ('c8s7c0ej6f', '2026-11-28 21:53:35.191132+00', '32y04ezqwv', 'j3dpknynrq', NULL, '', '{"notes": ["Beyond 308.5 1/cm the spectrum is taken as zero."], "tables": {}, "reader": {"name": "vdos-text", "parameters": {"unit": "cm^-1"}, "version": 1}, "refiner": null, "covariance": null}', 'spectra analyze specimen-vdos.csv --sample gold-vdos.yaml --regressor ridge --tag ''vdos ridge'' --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', '');
INSERT INTO public.predictions VALUES ('eb6njrtmx2', '2026-11-28 21:51:48.932662+00', '03550f54fj', 'ejpvs85nvc', 0.2575433531757871, '%', '{"notes": ["12 peaks outside the window 0.1 to 0.28 MHz were left out.", "The uncertainties are those of the fit alone; an error of 1 % in the density moves every modulus by 1 %, one of 1 % in all dimensions by 2 %."], "tables": {"modes": {"title": "Modes", "notes": [], "units": {"measured": "MHz", "computed": "MHz", "difference": "%"}, "columns": {"measured": [0.116716, 0.143783, 0.158081, 0.1665, 0.169523, 0.177846, 0.183875, 0.186047, 0.190341, 0.197386, 0.201133, 0.207386, 0.209836, 0.214753, 0.223548, 0.231266, 0.233538, 0.234717, 0.25098, 0.251256, 0.252742, 0.256122, 0.257595, 0.258118, 0.259035, 0.26854, 0.277113, 0.278762], "computed": [0.11620561947417782, 0.14333586261410106, 0.15824763470281117, 0.16595763880982856, 0.1692647039576392, 0.17839454882241612, 0.18460147503353108, 0.1851567102929718, 0.19010734173096694, 0.19737655957186503, 0.20146997385043366, 0.20690864606472253, 0.2110909812270274, 0.21545519472390515, 0.22325834140386397, 0.23083308098329838, 0.23321923138175213, 0.23484845103708543, 0.25054295089058876, 0.25102515483607746, 0.2523404968140894, 0.25678743979937974, 0.2580423911096064, 0.25871573265840103, 0.2591922684814173, 0.2679270354485034, 0.2765895577826149, 0.2790134979094598], "difference": [0.4392046857386145, 0.3119508110142277, -0.10529996427693922, 0.3268070057280914, 0.15259887993273047, -0.3074919194768544, -0.39353696030820506, 0.48083037639818915, 0.12290859832426726, 0.004782953029192072, -0.16725760369821208, 0.23070758247971668, -0.5945214806110988, -0.325912180861998, 0.1297414440663891, 0.18754634944759818, 0.13668196072822436, -0.05597270772063068, 0.17444079262962653, 0.0919609686420797, 0.1591116729101394, -0.259140322400353, -0.17337891951882956, -0.2310383880636424, -0.06067637832667394, 0.2287804030192575, 0.18924872709638052, -0.09013825902479677], "probability": [0.9989583333333333, 0.9989583333333333, 1.0, 0.9989583333333333, 1.0, 1.0, 0.9833333333333333, 0.9822916666666667, 1.0, 1.0, 1.0, 0.9989583333333333, 1.0, 1.0, 1.0, 1.0, 0.9697916666666667, 0.9697916666666667, 0.5541666666666667, 0.559375, 0.946875, 0.9625, 0.575, 0.36770833333333336, 0.5541666666666667, 1.0, 0.9927083333333333, 0.9927083333333333], "dlnf/dlnC11": [0.00023788767639092376, 0.0004246767113924643, 0.022708843809303027, 0.03415348577239361, 0.004830234079166792, 0.004168474613343913, 0.020919381027778728, 0.0026509034041018015, 0.002985887172585754, 0.11601374521752225, 0.0053291902361298354, 0.05311825878455802, 0.00450908770531843, 0.05267592967494439, 0.09306320288920132, 0.10261807151104037, 0.004367220965592761, 0.05340885761377748, 0.13450170341468487, 0.01925287305975751, 0.006704207598053623, 0.037423741756778386, 0.01559234717379411, 0.12194105386471303, 0.025560356072638735, 0.0030243651681278643, 0.04410184096963875, 0.05322174738380369], "dlnf/dlnC44": [0.4997621123235643, 0.49957532328850107, 0.4772911561903919, 0.46584651422748746, 0.4951697659208336, 0.49583152538663733, 0.479080618972365, 0.4973490965958814, 0.4970141128273833, 0.38398625478246257, 0.49467080976388766, 0.446881741215415, 0.49549091229469583, 0.447324070325057, 0.40693679711081404, 0.39738192848897824, 0.49563277903440756, 0.44659114238623193, 0.36549829658533256, 0.48074712694020644, 0.49329579240193616, 0.46257625824324444, 0.4844076528262138, 0.3780589461352876, 0.47443964392736615, 0.4969756348318681, 0.455898159030323, 0.44677825261622034], "status": ["matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched"]}}}, "reader": {"name": "peak-list", "parameters": {"unit": "MHz"}, "version": 1}, "refiner": {"name": "posterior", "parameters": {"initial_spread": 0.02, "spurious": 1.0, "lengths": 0.0, "sweeps": 60}, "version": 1}, "covariance": [[2.8996626910702257, -0.03760975232710998], [-0.03760975232710998, 0.0018272767094655955]]}', 'spectra analyze block.dat --sample block.yaml --no-network --tag ''rus without network'' --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', '');
INSERT INTO public.predictions VALUES ('fydp3bgq5s', '2026-11-28 21:54:18.513173+00', '3egjhrwvag', 'ejpvs85nvc', 0.25754304760036084, '%', '{"notes": ["12 peaks outside the window 0.1 to 0.28 MHz were left out.", "The uncertainties are those of the fit alone; an error of 1 % in the density moves every modulus by 1 %, one of 1 % in all dimensions by 2 %."], "tables": {"modes": {"title": "Modes", "notes": [], "units": {"measured": "MHz", "computed": "MHz", "difference": "%"}, "columns": {"measured": [0.116716, 0.143783, 0.158081, 0.1665, 0.169523, 0.177846, 0.183875, 0.186047, 0.190341, 0.197386, 0.201133, 0.207386, 0.209836, 0.214753, 0.223548, 0.231266, 0.233538, 0.234717, 0.25098, 0.251256, 0.252742, 0.256122, 0.257595, 0.258118, 0.259035, 0.26854, 0.277113, 0.278762], "computed": [0.11620562904160218, 0.14333587434956327, 0.15824763901317165, 0.16595763867356317, 0.16926471598771708, 0.17839456179081783, 0.18460148087174383, 0.18515672444185663, 0.19010735610202967, 0.19737651979604015, 0.20146998792295326, 0.20690863627421013, 0.2110909963960105, 0.21545518476265205, 0.2232583089748451, 0.23083304204647032, 0.23321924822198858, 0.2348484397571956, 0.25054288904394695, 0.25102516380060796, 0.2523405135891855, 0.25678743752968064, 0.258042402640597, 0.25871567676161455, 0.2591922737293573, 0.26792705567702063, 0.2765895508092637, 0.2790134846363179], "difference": [0.43919641639313944, 0.31194259808697833, -0.10530268521591335, 0.3268070881049745, 0.1525917618304229, -0.3074991666287774, -0.39354011046561777, 0.4808226980829611, 0.12290102958716353, 0.004803106250750311, -0.16726457693645447, 0.23071232520097684, -0.5945286238812963, -0.32590757257736636, 0.1297559882474708, 0.18756324904409816, 0.13667473008402986, -0.055967907358245306, 0.17446552074218413, 0.09195739418992321, 0.15910501453133552, -0.259139440808398, -0.1733833804129281, -0.23101683249184823, -0.06067840182671924, 0.22877283573714546, 0.18925125305884194, -0.09013350614422988], "probability": [0.9989583333333333, 0.9989583333333333, 1.0, 0.9989583333333333, 1.0, 1.0, 0.9833333333333333, 0.9822916666666667, 1.0, 1.0, 1.0, 0.9989583333333333, 1.0, 1.0, 1.0, 1.0, 0.9697916666666667, 0.9697916666666667, 0.5541666666666667, 0.559375, 0.946875, 0.9625, 0.575, 0.36770833333333336, 0.5541666666666667, 1.0, 0.9927083333333333, 0.9927083333333333], "dlnf/dlnC11": [0.00023788867340655207, 0.00042467862473813666, 0.02270897055315285, 0.03415367789192767, 0.004830259355910474, 0.0041684966506209025, 0.020919504980579057, 0.002650916474633963, 0.0029859082150032394, 0.11601427642372154, 0.0053292278719182145, 0.053118515636599355, 0.00450912035064189, 0.0526761908219006, 0.09306364709727642, 0.10261857210608004, 0.004367236610972353, 0.05340912850060788, 0.13450229584085052, 0.019252975540256647, 0.006704234537689969, 0.037423936624809695, 0.015592455333444777, 0.12194161952655554, 0.025560509831193297, 0.0030243797455185217, 0.04410201065281773, 0.053221972924284947], "dlnf/dlnC44": [0.49976211132657106, 0.4995753213751974, 0.47729102944696755, 0.46584632210802585, 0.4951697406440679, 0.4958315033493288, 0.47908049501935057, 0.4973490835253659, 0.49701409178493866, 0.38398572357629396, 0.49467077212810195, 0.44688148436339603, 0.4954908796493549, 0.44732380917808123, 0.4069363529027162, 0.3973814278939249, 0.49563276338903134, 0.4465908714993924, 0.3654977041591544, 0.4807470244597379, 0.49329576546231074, 0.46257606337516144, 0.48440754466655334, 0.37805838047344725, 0.47443949016878684, 0.496975620254488, 0.45589798934716486, 0.4467780270757115], "status": ["matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched"]}}}, "reader": {"name": "peak-list", "parameters": {"unit": "MHz"}, "version": 1}, "refiner": {"name": "posterior", "parameters": {"initial_spread": 0.02, "spurious": 1.0, "lengths": 0.0, "sweeps": 60}, "version": 1}, "covariance": [[2.899627214819731, -0.03760955987043947], [-0.03760955987043947, 0.001827281535054162]]}', 'spectra analyze block.dat --sample block.yaml --model 3egjhrwvag --tag ''rus retired'' --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', '');
INSERT INTO public.predictions VALUES ('g664cz8n51', '2026-11-28 21:53:27.764001+00', 'qfgnkcf23v', 'b170g0sfh3', NULL, '', '{"notes": [], "tables": {}, "reader": {"name": "profile-text", "parameters": {"wavelength": 1.54}, "version": 1}, "refiner": null, "covariance": null}', 'spectra analyze specimen.xy --sample gold-xrd.yaml --set reader.wavelength=1.54 --regressor hybrid --set encoder.bins=50 --set ''regressor.channels=[2, 3]'' --set ''regressor.hidden=[8, 8]'' --set regressor.latent=6 --set regressor.epochs=60 --set regressor.learning_rate=0.003 --set regressor.activation=leaky_relu --tag ''xrd hybrid'' --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', '');
INSERT INTO public.predictions VALUES ('h8e8ag31t4', '2026-11-28 21:53:53.783242+00', 'g6azt8m52r', 'cnv8kdhezt', NULL, '', '{"notes": ["Beyond 308.5 1/cm the spectrum is taken as zero."], "tables": {}, "reader": {"name": "bundle", "parameters": {"xrd": {"name": "profile-text", "parameters": {"wavelength": 1.54}, "version": 1}, "vdos": {"name": "vdos-text", "parameters": {"unit": "cm^-1"}, "version": 1}}, "version": 1}, "refiner": null, "covariance": null}', 'spectra analyze xrd=specimen.xy vdos=specimen-vdos.csv --sample gold.yaml --set reader.xrd.wavelength=1.54 --regressor multimodal --set encoder.bins=50 --set ''regressor.channels=[2, 3]'' --set ''regressor.hidden=[8, 8]'' --set regressor.latent=6 --set regressor.epochs=60 --set regressor.learning_rate=0.003 --tag ''xrd+vdos multimodal'' --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', '');
INSERT INTO public.predictions VALUES ('hg6rhkdq3y', '2026-11-28 21:52:43.920381+00', 'qptfrzcdpj', 'b170g0sfh3', NULL, '', '{"notes": ["This spectrum is 20.2 times as far from the simulated ones as these are from each other: the model has seen nothing like it, and neither its answers nor their uncertainties can be trusted."], "tables": {}, "reader": {"name": "profile-text", "parameters": {"wavelength": 1.54}, "version": 1}, "refiner": null, "covariance": null}', 'spectra analyze specimen.xy --sample gold-xrd.yaml --set reader.wavelength=1.54 --regressor ridge --set encoder.normalisation=set --tag ''xrd ridge'' --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', '');
INSERT INTO public.predictions VALUES ('je0vpy58p9', '2026-11-28 21:52:04.497378+00', '32dqxd03g1', 'ejpvs85nvc', NULL, '', '{"notes": ["12 peaks outside the window 0.1 to 0.28 MHz were left out.", "The uncertainties are those of the fit alone; an error of 1 % in the density moves every modulus by 1 %, one of 1 % in all dimensions by 2 %."], "tables": {}, "reader": {"name": "peak-list", "parameters": {"unit": "MHz"}, "version": 1}, "refiner": null, "covariance": null}', 'spectra analyze block.dat --sample block.yaml --encoder direct --set encoder.length=24 --set ''regressor.hidden=[16]'' --no-refine --tag ''rus direct not refined'' --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', '');
INSERT INTO public.predictions VALUES ('jrymxh3fg0', '2026-11-28 21:52:01.329805+00', '32dqxd03g1', 'ejpvs85nvc', 0.2575412354388314, '%', '{"notes": ["12 peaks outside the window 0.1 to 0.28 MHz were left out.", "The uncertainties are those of the fit alone; an error of 1 % in the density moves every modulus by 1 %, one of 1 % in all dimensions by 2 %."], "tables": {"modes": {"title": "Modes", "notes": [], "units": {"measured": "MHz", "computed": "MHz", "difference": "%"}, "columns": {"measured": [0.116716, 0.143783, 0.158081, 0.1665, 0.169523, 0.177846, 0.183875, 0.186047, 0.190341, 0.197386, 0.201133, 0.207386, 0.209836, 0.214753, 0.223548, 0.231266, 0.233538, 0.234717, 0.25098, 0.251256, 0.252742, 0.256122, 0.257595, 0.258118, 0.259035, 0.26854, 0.277113, 0.278762], "computed": [0.11620572779783936, 0.14333599525527088, 0.15824765304564123, 0.16595758905315847, 0.16926483350527363, 0.17839468964593017, 0.18460150843035456, 0.18515686666145423, 0.1901074999667523, 0.19737591348740263, 0.20147012439444825, 0.2069084414939154, 0.21109114524861414, 0.21545498516458642, 0.22325779672214785, 0.23083243770369846, 0.23321941380026376, 0.23484821636232248, 0.2505419625180477, 0.25102521544665696, 0.2523406727673999, 0.25678733230722267, 0.2580424877243341, 0.25871483008478297, 0.2591922716767481, 0.26792725808348716, 0.2765893749100937, 0.2790132210020381], "difference": [0.4391110591797531, 0.31185798370676476, -0.10531154328915493, 0.326837085267484, 0.1525222276713034, -0.30757061604197444, -0.3935549804180649, 0.48074551843291236, 0.12282526112254999, 0.00511030572025728, -0.16733220146735173, 0.23080668078909738, -0.5945987204417746, -0.32581523423567127, 0.12998573044833428, 0.18782555026259917, 0.13660363626892824, -0.055872837509662876, 0.17483597460075107, 0.09193680122228098, 0.15904183348596224, -0.2590985704959303, -0.17341629600630126, -0.23069032594202898, -0.060677610381920655, 0.22869711760418188, 0.18931496919449842, -0.09003910321377928], "probability": [0.9989583333333333, 0.9989583333333333, 1.0, 0.9989583333333333, 1.0, 1.0, 0.9833333333333333, 0.9822916666666667, 1.0, 1.0, 1.0, 0.9989583333333333, 1.0, 1.0, 1.0, 1.0, 0.9697916666666667, 0.9697916666666667, 0.5541666666666667, 0.559375, 0.946875, 0.9625, 0.5760416666666667, 0.36875, 0.5552083333333333, 1.0, 0.9927083333333333, 0.9927083333333333], "dlnf/dlnC11": [0.0002379024481011787, 0.00042470505949420226, 0.02271072166731697, 0.03415633224534042, 0.004830608582024843, 0.004168801120312973, 0.020921217539027384, 0.002651097057892512, 0.0029861989452789305, 0.11602161554674989, 0.005329747862981501, 0.053122064309635224, 0.004509571392276598, 0.052679798838384057, 0.09306978426651583, 0.10262548832831069, 0.004367452765402503, 0.053412871088851684, 0.13451048075866442, 0.019254391422207567, 0.006704606733500344, 0.03742662893380183, 0.015593949709108941, 0.12194943469102582, 0.025562634197398373, 0.0030245811480485384, 0.04410435495758256, 0.05322508895321337], "dlnf/dlnC44": [0.4997620975519171, 0.4995752949404968, 0.47728927833261314, 0.46584366775447233, 0.4951693914179161, 0.49583119887965993, 0.47907878246091523, 0.49734890294209827, 0.4970138010547119, 0.38397838445327886, 0.49467025213699445, 0.44687793569036705, 0.4954904286077214, 0.44732020116160526, 0.40693021573348503, 0.3973745116716526, 0.49563254723460537, 0.44658712891114843, 0.36548951924135736, 0.48074560857776744, 0.49329539326650806, 0.46257337106618823, 0.4844060502908906, 0.3780505653089805, 0.47443736580257473, 0.49697541885194657, 0.45589564504239805, 0.4467749110467916], "status": ["matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched"]}}}, "reader": {"name": "peak-list", "parameters": {"unit": "MHz"}, "version": 1}, "refiner": {"name": "posterior", "parameters": {"initial_spread": 0.02, "spurious": 1.0, "lengths": 0.0, "sweeps": 60}, "version": 1}, "covariance": [[2.895689000335764, -0.03767550668447955], [-0.03767550668447955, 0.0018225748941015057]]}', 'spectra analyze block.dat --sample block.yaml --encoder direct --set encoder.length=24 --set ''regressor.hidden=[16]'' --tag ''rus direct'' --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', '');
INSERT INTO public.predictions VALUES ('k1s5kbpjdm', '2026-11-28 21:53:59.259305+00', '3dp2b16gg8', 'cnv8kdhezt', NULL, '', '{"notes": ["Beyond 308.5 1/cm the spectrum is taken as zero."], "tables": {}, "reader": {"name": "bundle", "parameters": {"xrd": {"name": "profile-text", "parameters": {"wavelength": 1.54}, "version": 1}, "vdos": {"name": "vdos-text", "parameters": {"unit": "cm^-1"}, "version": 1}}, "version": 1}, "refiner": null, "covariance": null}', 'spectra analyze xrd=specimen.xy vdos=specimen-vdos.csv --sample gold.yaml --set reader.xrd.wavelength=1.54 --regressor ridge --set ''encoder.parts=[vdos]'' --tag ''xrd+vdos of one part'' --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', '');
INSERT INTO public.predictions VALUES ('k5te2z9t5e', '2026-11-28 21:51:51.323141+00', '03550f54fj', 'ejpvs85nvc', NULL, '', '{"notes": ["12 peaks outside the window 0.1 to 0.28 MHz were left out.", "The uncertainties are those of the fit alone; an error of 1 % in the density moves every modulus by 1 %, one of 1 % in all dimensions by 2 %."], "tables": {}, "reader": {"name": "peak-list", "parameters": {"unit": "MHz"}, "version": 1}, "refiner": null, "covariance": null}', 'spectra analyze block.dat --sample block.yaml --no-network --no-refine --tag ''rus without network not refined'' --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', '');
INSERT INTO public.predictions VALUES ('kxrf2mpcew', '2026-11-28 21:52:42.382006+00', 'vkgpg1r4b6', 'b170g0sfh3', NULL, '', '{"notes": [], "tables": {}, "reader": {"name": "profile-text", "parameters": {"wavelength": 1.54}, "version": 1}, "refiner": null, "covariance": null}', 'spectra analyze specimen.xy --sample gold-xrd.yaml --set reader.wavelength=1.54 --tag xrd --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', '');
INSERT INTO public.predictions VALUES ('t7at0qdkt3', '2026-11-28 21:53:33.205128+00', 'mrjdk03sma', 'j3dpknynrq', NULL, '', '{"notes": ["Beyond 308.5 1/cm the spectrum is taken as zero."], "tables": {}, "reader": {"name": "vdos-text", "parameters": {"unit": "cm^-1"}, "version": 1}, "refiner": null, "covariance": null}', 'spectra analyze specimen-vdos.csv --sample gold-vdos.yaml --tag vdos --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', '');
INSERT INTO public.predictions VALUES ('tcfxybaeeg', '2026-11-28 21:53:38.002396+00', 'wqr6f63br3', 'cnv8kdhezt', NULL, '', '{"notes": ["Beyond 308.5 1/cm the spectrum is taken as zero."], "tables": {}, "reader": {"name": "bundle", "parameters": {"xrd": {"name": "profile-text", "parameters": {"wavelength": 1.54}, "version": 1}, "vdos": {"name": "vdos-text", "parameters": {"unit": "cm^-1"}, "version": 1}}, "version": 1}, "refiner": null, "covariance": null}', 'spectra analyze xrd=specimen.xy vdos=specimen-vdos.csv --sample gold.yaml --set reader.xrd.wavelength=1.54 --tag xrd+vdos --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', '');
INSERT INTO public.predictions VALUES ('vbg3p8jzn1', '2026-11-28 21:53:31.033661+00', 'vkgpg1r4b6', 'gpv2w6tegr', NULL, '', '{"notes": [], "tables": {}, "reader": {"name": "xrdml", "parameters": {}, "version": 1}, "refiner": null, "covariance": null}', 'spectra analyze scan.xrdml --sample gold-xrd.yaml --tag ''xrd of an xrdml file'' --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', '');
INSERT INTO public.predictions VALUES ('vj8ds1eebj', '2026-11-28 21:52:14.755875+00', '5953vqctwt', 'ejpvs85nvc', 0.2514065635394651, '%', '{"notes": ["12 peaks outside the window 0.1 to 0.28 MHz were left out.", "The uncertainties are those of the fit and of the lengths; an error of 1 % in the density moves every modulus by 1 %."], "tables": {"modes": {"title": "Modes", "notes": [], "units": {"measured": "MHz", "computed": "MHz", "difference": "%"}, "columns": {"measured": [0.116716, 0.143783, 0.158081, 0.1665, 0.169523, 0.177846, 0.183875, 0.186047, 0.190341, 0.197386, 0.201133, 0.207386, 0.209836, 0.214753, 0.223548, 0.231266, 0.233538, 0.234717, 0.25098, 0.251256, 0.252742, 0.256122, 0.257595, 0.258118, 0.259035, 0.26854, 0.277113, 0.278762], "computed": [0.11624272587188443, 0.14330700144531766, 0.1583133058857524, 0.16607284372560324, 0.16927613111662596, 0.17843432171335566, 0.1845275222608341, 0.1851295836855314, 0.19015336292813617, 0.19737440669956785, 0.2014803228552833, 0.2069702188255793, 0.21106196845279646, 0.21543448280320832, 0.2233134067547432, 0.23081717248012895, 0.23333119278690312, 0.23487362598982542, 0.25059544090452834, 0.25104119412352505, 0.2522624720811615, 0.25680284605787035, 0.25806645621928415, 0.2587425279944526, 0.2592056125652811, 0.26791935391252647, 0.27663742470075, 0.27903786117401264], "difference": [0.40714300578015283, 0.33215303500993, -0.14673806756334562, 0.25721018850171085, 0.14583797594238668, -0.3297133128349339, -0.35361785214442776, 0.49555359883861616, 0.09867670441081611, 0.005873760750452206, -0.17238549668830982, 0.20088937277060737, -0.5808571111998506, -0.3163294911478154, 0.10505112463508048, 0.19445152847528124, 0.0886324758497814, -0.06668521813181227, 0.15345813718061763, 0.08556598737705645, 0.19009086642276518, -0.26512403126439654, -0.1826879115523372, -0.24137044624761295, -0.06582132369455929, 0.23165406993186366, 0.17191285660804745, -0.09886155694140975], "probability": [1.0, 1.0, 1.0, 1.0, 1.0, 0.9989583333333333, 0.9864583333333333, 0.9864583333333333, 1.0, 1.0, 1.0, 1.0, 0.9979166666666667, 1.0, 1.0, 0.9989583333333333, 0.9572916666666667, 0.9572916666666667, 0.5489583333333333, 0.5489583333333333, 0.9458333333333333, 0.9604166666666667, 0.5989583333333334, 0.4239583333333333, 0.6166666666666667, 1.0, 0.9947916666666666, 0.99375], "dlnf/dlnC11": [0.0002373700032023748, 0.00042368339811042267, 0.022643075443306012, 0.03405379027825272, 0.004817115641101168, 0.004157037880863107, 0.020855068532370305, 0.0026441191187738717, 0.002974974348327857, 0.11573795071143575, 0.005309672167169994, 0.0529849261683394, 0.0044921588264113235, 0.05254037365694058, 0.09283258841753043, 0.10235819866412366, 0.004359096136956831, 0.05326825281540584, 0.13419410134225068, 0.019199687335243562, 0.0066902195085033036, 0.0373225957762369, 0.015536253561385613, 0.12164737575356871, 0.025480585346157235, 0.0030167992904570787, 0.044013703126357925, 0.05310461184726285], "dlnf/dlnC44": [0.4997626299967306, 0.4995763166018956, 0.4773569245567594, 0.4659462097219108, 0.49518288435885927, 0.49584296211908396, 0.47914493146758447, 0.4973558808812266, 0.4970250256516699, 0.3842620492885611, 0.4946903278328412, 0.4470150738316604, 0.49550784117359176, 0.44745962634305403, 0.40716741158246156, 0.3976418013358774, 0.49564090386303805, 0.44673174718459785, 0.3658058986577604, 0.48080031266474577, 0.49330978049151997, 0.4626774042237666, 0.48446374643860485, 0.3783526242464296, 0.47451941465385855, 0.49698320070954594, 0.45598629687367903, 0.446895388152727], "status": ["matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched"]}}, "lengths": {"title": "Lengths", "notes": [], "units": {"change": "%", "uncertainty": "%", "beforehand": "%"}, "columns": {"length": ["x", "y", "z"], "change": [-0.046940674462020514, 0.040285711318504926, 0.006536341042347589], "uncertainty": [0.08965253241073803, 0.09198871931861943, 0.08823221764805471], "beforehand": [0.1, 0.1, 0.1]}}}, "reader": {"name": "peak-list", "parameters": {"unit": "MHz"}, "version": 1}, "refiner": {"name": "posterior", "parameters": {"initial_spread": 0.02, "spurious": 1.0, "lengths": 0.001, "sweeps": 60}, "version": 1}, "covariance": [[2.6187908268083686, -0.031819428697491665], [-0.031819428697491665, 0.002552350109243722]]}', 'spectra analyze block.dat --sample block.yaml --encoder derivative --set encoder.length=24 --set ''regressor.hidden=[16]'' --set regressor.loss=mse --set regressor.copies=2 --set missing.most=0.1 --set refiner.lengths=0.001 --tag ''rus derivative'' --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', '');
INSERT INTO public.predictions VALUES ('xr0sawgfpx', '2026-11-28 21:52:25.903368+00', 'qs7rgemd16', 'fzhz82e7k6', 0.28988256417986846, '%', '{"notes": ["The uncertainties are those of the fit alone; an error of 1 % in the mass moves every modulus by 1 %, one of 1 % in all dimensions by 1 % the other way."], "tables": {"modes": {"title": "Modes", "notes": [], "units": {"measured": "MHz", "computed": "MHz", "difference": "%"}, "columns": {"measured": [0.70705701, 0.78745504, 0.90415879, 1.1811341, 1.2557334, 1.327667, 1.385561, 1.4150021, 1.5364143, 1.569063, 1.6026131, 1.6143363, 1.7424625, 1.7948438, 1.8234486, 1.8522055, 1.8647219, 1.9292556, 1.9901216, 1.9988091, 2.0611515, 2.0925633, 2.2023486, 2.2271876, 2.2548228, 2.2583448, 2.2740667, 2.2798491, 2.2904645], "computed": [0.7025322711898604, 0.7813470858680741, 0.8977668397329605, 1.1782133121241645, 1.2559573248580846, 1.3245157049070688, 1.3869637400271002, 1.4140099567563211, 1.534489645089279, 1.571402791939975, 1.6008292354428995, 1.6073552499510155, 1.7422943101821504, 1.7989437054031057, 1.8303036491268136, 1.853120827487967, 1.8661984107316159, 1.929243810963572, 1.9880129928565629, 2.001504931952202, 2.0676314206377873, 2.094763898002565, 2.205216573054655, 2.2308461308371625, 2.261571493567566, 2.2628449981622407, 2.27738025468395, 2.2814876192690328, 2.2918918176692245], "difference": [0.644061347171454, 0.7817209844892314, 0.711983332881938, 0.24789975174950296, -0.017829018044857037, 0.23792055324494132, -0.1011374693236533, 0.07016522330258734, 0.1254263863480709, -0.1488982934213956, 0.11143378179290231, 0.43431904983028957, 0.009653352873084664, -0.22790626470364783, -0.3745307031477463, -0.049393837379063665, -0.07911863621388182, 0.0006110703251183125, 0.10606606450831446, -0.13469024778133276, -0.313398247536234, -0.1050523166197137, -0.13005403141344019, -0.16399745310042846, -0.2984072617983058, -0.19887346088199864, -0.14549852520828743, -0.07181802150466599, -0.06227683428251529], "probability": [1.0, 0.9979166666666667, 0.9989583333333333, 1.0, 1.0, 0.9989583333333333, 1.0, 1.0, 1.0, 1.0, 0.871875, 0.8708333333333333, 1.0, 1.0, 0.9989583333333333, 0.9875, 0.9875, 1.0, 0.9572916666666667, 0.9572916666666667, 1.0, 1.0, 0.9989583333333333, 0.9989583333333333, 0.4979166666666667, 0.49375, 0.6989583333333333, 0.6854166666666667, 0.9208333333333333], "dlnf/dlnC11": [0.004618804489006379, 0.5516295231679248, 0.5360933249651998, 0.6953240932535273, 0.08742613433137815, 0.13529472664680045, 0.31201680453875524, 0.4848644310883486, 0.0891073568361506, 0.6592636914796424, 0.3472694060550057, 0.5815094826455433, 0.15050710199439105, 0.6842539352819296, 0.05077445409236894, 0.6672071704106828, 0.23504291720228257, 0.3252540184646922, 0.34602401601115784, 0.14551281339945438, 0.14585661764916147, 0.19156199390804415, 0.7359576057629327, 0.5955935043877946, 0.5576104714726351, 0.07705917224537376, 0.5095821846530081, 0.505545780733208, 0.5192597731777413], "dlnf/dlnC12": [-0.0013371373605143887, -0.13801672611754556, -0.13216671847026076, -0.1953472088022328, -0.019567076360744288, -0.0339962307956393, -0.08702903207179269, -0.09760392017014574, -0.026596792475005845, -0.1825484459703732, -0.0646647664104982, -0.15745290197122966, -0.043194049482048816, -0.18480135977027115, -0.000547328702830317, -0.2058827678565602, -0.06899907302535971, -0.08857929520702805, -0.0894152878260697, -0.020784820776127564, -0.03264403834188625, -0.03213260039569995, -0.23633422112208452, -0.1419748713004025, -0.12974561549034344, -0.020163611406260162, -0.11153527504342836, -0.11610189508110486, -0.13332820108314367], "dlnf/dlnC44": [0.49671833287151024, 0.08638720294963581, 0.09607339350503127, 2.3115548666371455e-05, 0.4321409420293681, 0.398701504148826, 0.2750122275330091, 0.11273948908173816, 0.4374894356388409, 0.023284754490729264, 0.21739536035547172, 0.07594341932569425, 0.39268694748766736, 0.0005474244883509087, 0.44977287461047144, 0.0386755974458768, 0.3339561558230873, 0.2633252767423249, 0.24339127181490575, 0.3752720073766658, 0.3867874206927335, 0.3405706064876752, 0.00037661535915531954, 0.04638136691261364, 0.07213514401772576, 0.4431044391608827, 0.10195309039040518, 0.11055611434789066, 0.11406842790540246], "status": ["matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched"]}}}, "reader": {"name": "peak-list", "parameters": {"unit": "MHz"}, "version": 1}, "refiner": {"name": "posterior", "parameters": {"initial_spread": 0.02, "spurious": 1.0, "lengths": 0.0, "sweeps": 60}, "version": 1}, "covariance": [[10.385899841317645, 11.878012793730518, -0.1993854830771453], [11.878012793730518, 14.084995402828634, -0.23121449873704103], [-0.1993854830771453, -0.23121449873704103, 0.08074488201524387]]}', 'spectra analyze crystal.dat --sample crystal.yaml --no-network --tag ''rus crystal'' --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', '');
INSERT INTO public.predictions VALUES ('y6e00y4cgg', '2026-11-28 21:53:15.302387+00', 'n9p2vfmyyw', 'b170g0sfh3', NULL, '', '{"notes": [], "tables": {}, "reader": {"name": "profile-text", "parameters": {"wavelength": 1.54}, "version": 1}, "refiner": null, "covariance": null}', 'spectra analyze specimen.xy --sample gold-xrd.yaml --set reader.wavelength=1.54 --regressor regression --set encoder.bins=50 --set ''regressor.channels=[2, 3]'' --set ''regressor.hidden=[8, 8]'' --set regressor.latent=6 --set regressor.epochs=60 --set regressor.learning_rate=0.003 --set regressor.activation=relu --tag ''xrd regression'' --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', '');
INSERT INTO public.predictions VALUES ('zdn8e5xm0p', '2026-11-28 21:51:40.110395+00', '83b2we132g', 'ejpvs85nvc', 0.2575433607370957, '%', '{"notes": ["12 peaks outside the window 0.1 to 0.28 MHz were left out.", "The uncertainties are those of the fit alone; an error of 1 % in the density moves every modulus by 1 %, one of 1 % in all dimensions by 2 %."], "tables": {"modes": {"title": "Modes", "notes": [], "units": {"measured": "MHz", "computed": "MHz", "difference": "%"}, "columns": {"measured": [0.116716, 0.143783, 0.158081, 0.1665, 0.169523, 0.177846, 0.183875, 0.186047, 0.190341, 0.197386, 0.201133, 0.207386, 0.209836, 0.214753, 0.223548, 0.231266, 0.233538, 0.234717, 0.25098, 0.251256, 0.252742, 0.256122, 0.257595, 0.258118, 0.259035, 0.26854, 0.277113, 0.278762], "computed": [0.1162056192812642, 0.1433358623772262, 0.1582476345833323, 0.16595763876088138, 0.1692647037079418, 0.17839454855449607, 0.18460147488081352, 0.18515671000358544, 0.19010734143639874, 0.19737656016416907, 0.2014699735572754, 0.2069086461617149, 0.21109098091290382, 0.2154551948210745, 0.22325834186755844, 0.23083308155151505, 0.23321923103336478, 0.23484845114993366, 0.25054295182891767, 0.25102515461151964, 0.2523404964608798, 0.2567874397575215, 0.2580423908407501, 0.2587157334965074, 0.25919226831537817, 0.26792703503377824, 0.27658955781188105, 0.2790134980414357], "difference": [0.4392048524783254, 0.3119509767883777, -0.105299888855237, 0.32680703531826616, 0.15259902767672529, -0.3074917697546642, -0.3935368779055315, 0.4808305334423446, 0.12290875346308017, 0.004782652926516029, -0.1672574584319353, 0.2307075354946786, -0.5945213326862264, -0.3259122258145841, 0.1297412361027872, 0.18754610282682993, 0.13668211031430122, -0.05597275574524829, 0.17444041745813266, 0.09196105818063405, 0.15911181310626077, -0.25914030614185846, -0.17337881550871792, -0.23103871126394226, -0.06067631430533016, 0.22878055816371035, 0.18924871649528274, -0.09013830628307185], "probability": [0.9989583333333333, 0.9989583333333333, 1.0, 0.9989583333333333, 1.0, 1.0, 0.9833333333333333, 0.9822916666666667, 1.0, 1.0, 1.0, 0.9989583333333333, 1.0, 1.0, 1.0, 1.0, 0.9697916666666667, 0.9697916666666667, 0.5541666666666667, 0.559375, 0.946875, 0.9625, 0.575, 0.36770833333333336, 0.5541666666666667, 1.0, 0.9927083333333333, 0.9927083333333333], "dlnf/dlnC11": [0.0002378876600200567, 0.00042467667997508706, 0.022708841728135833, 0.0341534826177564, 0.0048302336641226126, 0.0041684742514899766, 0.020919378992459433, 0.0026509031894812623, 0.0029858868270585246, 0.11601373649506916, 0.005329189618145454, 0.05311825456702212, 0.0045090871692779625, 0.05267592538687878, 0.09306319559524262, 0.10261806329120433, 0.0043672207086910345, 0.053408853165785454, 0.13450169368697446, 0.019252871377014348, 0.006704207155701527, 0.03742373855702166, 0.015592345397813977, 0.12194104457647972, 0.025560353547904795, 0.003024364928764909, 0.0441018381834267, 0.05322174368039526], "dlnf/dlnC44": [0.49976211233997936, 0.4995753233199618, 0.47729115827114954, 0.46584651738238175, 0.4951697663358838, 0.49583152574850736, 0.47908062100750354, 0.49734909681051065, 0.4970141131729608, 0.3839862635048981, 0.4946708103818737, 0.4468817454329876, 0.49549091283072083, 0.4473240746131268, 0.4069368044047499, 0.3973819367088029, 0.4956327792913056, 0.44659114683421436, 0.36549830631301844, 0.4807471286229595, 0.49329579284428376, 0.46257626144298125, 0.48440765460218205, 0.3780589554235218, 0.47443964645207665, 0.49697563507125025, 0.4558981618165463, 0.4467782563195922], "status": ["matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched", "matched"]}}}, "reader": {"name": "peak-list", "parameters": {"unit": "MHz"}, "version": 1}, "refiner": {"name": "posterior", "parameters": {"initial_spread": 0.02, "spurious": 1.0, "lengths": 0.0, "sweeps": 60}, "version": 1}, "covariance": [[2.8996632631649977, -0.0376097553771826], [-0.0376097553771826, 0.001827276623976799]]}', 'spectra analyze block.dat --sample block.yaml --tag rus --no-figure --json', 'ada', '{"spectra": "0.1.0", "python": "3.11.7", "platform": "Linux-6.18.44-fc-v509-x86_64-with-glibc2.36", "numpy": "2.4.6", "scipy": "1.17.1", "tensorflow": "2.21.0", "keras": "3.15.1"}', 'for the paper, table 2; σ of C11 = 0.5 %?');


--
-- Data for Name: registry_identity; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.registry_identity VALUES ('mep4dk6b1h');


--
-- Data for Name: sample_tags; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: samples; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.samples VALUES ('3qgw0mmj6r', '2026-11-28 21:51:33.877937+00', 'block', 'rus', 'sha256:747f3920f860c4f92df1aba9f13f42cfa078e897d27d6e61eba30bf2c4830884', '{"name": "block", "technique": "rus", "notes": "", "shape": {"kind": "box", "x": "11.92 mm", "y": "10.93 mm", "z": "9.86 mm"}, "density": "2788 kg/m^3", "symmetry": "isotropic", "search": {"C11": {"from": "76 GPa", "to": "140 GPa", "step": "8 GPa"}, "C44": {"from": "18 GPa", "to": "35 GPa", "step": "2 GPa"}}, "window": {"from": "0.1 MHz", "to": "0.28 MHz"}, "order": "auto", "accuracy": 0.001, "mean_atomic_mass": "26.98 g/mol"}', '');
INSERT INTO public.samples VALUES ('c1sjkp1xdj', '2026-11-28 21:53:32.919889+00', 'gold', 'vdos', 'sha256:80739850e71293079f074bdcdaf9fe07fe2095034a5719c663150a732b36fc63', '{"name": "gold", "technique": "vdos", "notes": "", "wavelength": "1.54 \u00c5", "data_set": {"name": "gold.npz", "digest": "sha256:4d9baf57136c1a7f1986457ab3239dbf809b526fceacd311159864ee279aa58e"}}', '');
INSERT INTO public.samples VALUES ('d31q3nqv4w', '2026-11-28 21:53:37.373924+00', 'gold', 'xrd+vdos', 'sha256:3a05f58cfed86d4ffbe70bf5591e6ff412e6fc25afbe6fbaa8459d25e6132e14', '{"name": "gold", "technique": "xrd+vdos", "notes": "", "wavelength": "1.54 \u00c5", "data_set": {"name": "gold.npz", "digest": "sha256:4d9baf57136c1a7f1986457ab3239dbf809b526fceacd311159864ee279aa58e"}}', '');
INSERT INTO public.samples VALUES ('m293923phd', '2026-11-28 21:52:21.209924+00', 'crystal', 'rus', 'sha256:fbfb7ef8b7806ac41eda602ab9c31c839003d98311db7487bf3d3ef3f4010baa', '{"name": "crystal", "technique": "rus", "notes": "", "shape": {"kind": "box", "x": "1.45 mm", "y": "2.01 mm", "z": "3.02 mm"}, "mass": "0.045 g", "symmetry": "cubic", "orientation": {"bunge": [90.0, 0.0, 0.0], "lattice": {"a": 1.0, "alpha": 90.0, "beta": 90.0, "gamma": 90.0}}, "search": {"C11": {"from": "280 GPa", "to": "360 GPa", "step": "40 GPa"}, "C12": {"from": "90 GPa", "to": "120 GPa", "step": "15 GPa"}, "C44": {"from": "110 GPa", "to": "140 GPa", "step": "10 GPa"}}, "window": {"from": "0.6 MHz", "to": "2.3 MHz"}, "order": 10, "accuracy": 0.001, "mean_atomic_mass": "36.7 g/mol"}', '');
INSERT INTO public.samples VALUES ('qvccm71w2d', '2026-11-28 21:52:42.124859+00', 'gold', 'xrd', 'sha256:e57b8e89ee02d50a2de759b211a3e68a047e27ef884f239bc51e59eb27adfa19', '{"name": "gold", "technique": "xrd", "notes": "", "wavelength": "1.54 \u00c5", "data_set": {"name": "gold.npz", "digest": "sha256:4d9baf57136c1a7f1986457ab3239dbf809b526fceacd311159864ee279aa58e"}}', '');
INSERT INTO public.samples VALUES ('zg30y1nj3z', '2026-11-28 21:52:38.245582+00', 'scanned block', 'rus', 'sha256:bd6329c8278a819687b6295827acbfd2c7de54ef6b90dea859ff43c1c8efd09e', '{"name": "scanned block", "technique": "rus", "notes": "", "shape": {"kind": "mesh", "file": {"name": "block.stl", "digest": "sha256:de4ed15e97df87bfaf5a9776b4d5b74e29092d11a8144f26e2a24729bc43ef5b"}, "unit": "mm", "axes": "file"}, "density": "2788 kg/m^3", "symmetry": "isotropic", "search": {"C11": {"from": "76 GPa", "to": "140 GPa", "step": "8 GPa"}, "C44": {"from": "18 GPa", "to": "35 GPa", "step": "2 GPa"}}, "window": {"from": "0.1 MHz", "to": "0.22 MHz"}, "order": 8, "accuracy": 0.001}', '');


--
-- Data for Name: spectra_schema; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.spectra_schema VALUES ('0002');


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
-- Name: model_aliases pk_model_aliases; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.model_aliases
    ADD CONSTRAINT pk_model_aliases PRIMARY KEY (sample_name, alias);


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
-- Name: registry_identity pk_registry_identity; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.registry_identity
    ADD CONSTRAINT pk_registry_identity PRIMARY KEY (id);


--
-- Name: sample_tags pk_sample_tags; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sample_tags
    ADD CONSTRAINT pk_sample_tags PRIMARY KEY (sample_id, tag);


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
-- Name: ix_estimated_quantities_final_std; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_estimated_quantities_final_std ON public.estimated_quantities USING btree (name, unit, std) WHERE final;


--
-- Name: ix_estimated_quantities_final_value; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_estimated_quantities_final_value ON public.estimated_quantities USING btree (name, unit, value) WHERE final;


--
-- Name: ix_estimated_quantities_name_method_unit_value; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_estimated_quantities_name_method_unit_value ON public.estimated_quantities USING btree (name, method, unit, value);


--
-- Name: ix_measurement_tags_tag; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_measurement_tags_tag ON public.measurement_tags USING btree (tag);


--
-- Name: ix_measurements_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_measurements_created ON public.measurements USING btree (created);


--
-- Name: ix_measurements_file_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_measurements_file_name ON public.measurements USING btree (file_name);


--
-- Name: ix_model_aliases_model_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_model_aliases_model_id ON public.model_aliases USING btree (model_id);


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
-- Name: ix_predictions_measurement_id_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_predictions_measurement_id_created ON public.predictions USING btree (measurement_id, created);


--
-- Name: ix_predictions_misfit_unit_misfit; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_predictions_misfit_unit_misfit ON public.predictions USING btree (misfit_unit, misfit);


--
-- Name: ix_predictions_model_id_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_predictions_model_id_created ON public.predictions USING btree (model_id, created);


--
-- Name: ix_predictions_operator_created; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_predictions_operator_created ON public.predictions USING btree (operator, created);


--
-- Name: ix_sample_tags_tag; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_sample_tags_tag ON public.sample_tags USING btree (tag);


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
-- Name: model_aliases fk_model_aliases_model_id_models; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.model_aliases
    ADD CONSTRAINT fk_model_aliases_model_id_models FOREIGN KEY (model_id) REFERENCES public.models(id) ON DELETE RESTRICT;


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
-- Name: sample_tags fk_sample_tags_sample_id_samples; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sample_tags
    ADD CONSTRAINT fk_sample_tags_sample_id_samples FOREIGN KEY (sample_id) REFERENCES public.samples(id) ON DELETE CASCADE;


--
-- PostgreSQL database dump complete
--

\unrestrict 8w8Y6MbQxxjrax2C5SJblzScFLZ6hnAFZhBgJToYFKlAxKWU9c89UuUwTvm3gyB

