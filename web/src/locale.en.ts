// All messages of en as one text; a lazy chunk.

import admin from "../../locales/en/admin.ftl";
import common from "../../locales/en/common.ftl";
import home from "../../locales/en/home.ftl";
import ledger from "../../locales/en/ledger.ftl";
import media from "../../locales/en/media.ftl";
import monitoring from "../../locales/en/monitoring.ftl";
import rights from "../../locales/en/rights.ftl";

export default [common, home, media, ledger, rights, monitoring, admin].join("\n");
