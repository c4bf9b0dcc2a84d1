// All messages of zh-CN as one text; a lazy chunk.

import admin from "../../locales/zh-CN/admin.ftl";
import common from "../../locales/zh-CN/common.ftl";
import home from "../../locales/zh-CN/home.ftl";
import ledger from "../../locales/zh-CN/ledger.ftl";
import media from "../../locales/zh-CN/media.ftl";
import monitoring from "../../locales/zh-CN/monitoring.ftl";
import rights from "../../locales/zh-CN/rights.ftl";

export default [common, home, media, ledger, rights, monitoring, admin].join("\n");
