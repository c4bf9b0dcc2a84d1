//! Territory groups as data: names, and members by UN M49 region or by list.
//!
//! A group may have several editions, each from a day on ("EU as at signing"); an expression is
//! read with a day and gives atoms, so a later edition never changes a signed licence. Continents
//! follow UN M49; trade groups, whose members differ between houses, are listed by code. Sources:
//! UN M49; EU accession of Croatia 2013-07-01 and withdrawal of the United Kingdom 2020-02-01;
//! ASEAN admission of Timor-Leste 2025-10-26.

/// How a group names its members.
pub(crate) enum Members {
    Everything,
    /// UN M49 sub-region numbers.
    M49(&'static [u16]),
    /// Alpha-2 codes, blank separated.
    Codes(&'static str),
}

pub(crate) struct Group {
    /// The first name is printed, the others are read too.
    pub en: &'static [&'static str],
    pub zh: &'static [&'static str],
    /// (first day in ISO form, members), oldest first; the first also covers all days before it.
    pub editions: &'static [(&'static str, Members)],
}

use Members::{Codes, Everything, M49};

const EU_27: &str =
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";
const EU_28: &str =
    "AT BE BG CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";

const EEA_30: &str =
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK";
const ASEAN_10: &str = "BN ID KH LA MM MY PH SG TH VN";
const ASEAN_11: &str = "BN ID KH LA MM MY PH SG TH TL VN";

const fn group(
    en: &'static [&'static str],
    zh: &'static [&'static str],
    editions: &'static [(&'static str, Members)],
) -> Group {
    Group { en, zh, editions }
}

#[rustfmt::skip]
pub(crate) static GROUPS: [Group; 49] = [
    group(&["World", "Worldwide", "All Territories", "Universe"],
        &["全球", "全世界", "世界", "所有地区"],
        &[("0001-01-01", Everything)]),
    group(&["Greater China"], &["大中华区", "大中华地区"], &[("0001-01-01", Codes("CN HK MO TW"))]),
    group(&["European Union", "EU"],
        &["欧盟", "欧洲联盟"],
        &[("2013-07-01", Codes(EU_28)), ("2020-02-01", Codes(EU_27))]),
    group(&["European Economic Area", "EEA"], &["欧洲经济区"], &[("2021-01-01", Codes(EEA_30))]),
    group(&["ASEAN"],
        &["东盟", "东南亚国家联盟"],
        &[("1999-04-30", Codes(ASEAN_10)), ("2025-10-26", Codes(ASEAN_11))]),
    group(&["DACH", "D-A-CH", "German-speaking Europe"],
        &["德语区", "德奥瑞"],
        &[("0001-01-01", Codes("AT CH DE"))]),
    group(&["Benelux"], &["比荷卢", "比荷卢经济联盟"], &[("0001-01-01", Codes("BE LU NL"))]),
    group(&["Nordics", "Nordic Countries"],
        &["北欧五国"],
        &[("0001-01-01", Codes("DK FI IS NO SE"))]),
    group(&["Scandinavia"], &["斯堪的纳维亚"], &[("0001-01-01", Codes("DK NO SE"))]),
    group(&["Baltics", "Baltic States"],
        &["波罗的海三国", "波罗的海国家"],
        &[("0001-01-01", Codes("EE LT LV"))]),
    group(&["Iberia"], &["伊比利亚", "伊比利亚半岛"], &[("0001-01-01", Codes("AD ES PT"))]),
    group(&["UK and Ireland", "UK & Ireland"],
        &["英国和爱尔兰", "英爱"],
        &[("0001-01-01", Codes("GB IE"))]),
    group(&["CEE", "Central and Eastern Europe"],
        &["中东欧"],
        &[("0001-01-01", Codes("AL BA BG CZ EE HR HU LT LV ME MK PL RO RS SI SK XK"))]),
    group(&["CIS", "Commonwealth of Independent States"],
        &["独联体", "独立国家联合体"],
        &[("0001-01-01", Codes("AM AZ BY KG KZ MD RU TJ UZ"))]),
    group(&["GCC", "Gulf Cooperation Council", "Gulf States"],
        &["海合会", "海湾合作委员会", "海湾国家"],
        &[("0001-01-01", Codes("AE BH KW OM QA SA"))]),
    group(&["MENA", "Middle East and North Africa"],
        &["中东和北非", "中东北非"],
        &[("0001-01-01", Codes("AE BH DZ EG IQ IR JO KW LB LY MA OM PS QA SA SY TN YE"))]),
    group(&["Arab League", "Arab States", "Arab World"],
        &["阿盟", "阿拉伯国家联盟", "阿拉伯国家"],
        &[("0001-01-01",
            Codes("AE BH DJ DZ EG IQ JO KM KW LB LY MA MR OM PS QA SA SD SO SY TN YE"))]),
    group(&["North America", "US and Canada", "US & Canada"],
        &["北美", "北美洲"],
        &[("0001-01-01", Codes("CA US"))]),
    group(&["Latin America", "LATAM", "Latin America and the Caribbean"],
        &["拉丁美洲", "拉美", "拉丁美洲和加勒比"],
        &[("0001-01-01", M49(&[5, 13, 29]))]),
    group(&["South America"], &["南美", "南美洲"], &[("0001-01-01", M49(&[5]))]),
    group(&["Central America"], &["中美洲"], &[("0001-01-01", M49(&[13]))]),
    group(&["Caribbean"], &["加勒比", "加勒比地区"], &[("0001-01-01", M49(&[29]))]),
    group(&["Americas"], &["美洲"], &[("0001-01-01", M49(&[5, 13, 21, 29]))]),
    group(&["Africa"], &["非洲"], &[("0001-01-01", M49(&[11, 14, 15, 17, 18]))]),
    group(&["North Africa", "Northern Africa"], &["北非"], &[("0001-01-01", M49(&[15]))]),
    group(&["Sub-Saharan Africa"], &["撒哈拉以南非洲"], &[("0001-01-01", M49(&[11, 14, 17, 18]))]),
    group(&["West Africa", "Western Africa"], &["西非"], &[("0001-01-01", M49(&[11]))]),
    group(&["East Africa", "Eastern Africa"], &["东非"], &[("0001-01-01", M49(&[14]))]),
    group(&["Central Africa", "Middle Africa"], &["中部非洲"], &[("0001-01-01", M49(&[17]))]),
    group(&["Southern Africa"], &["南部非洲"], &[("0001-01-01", M49(&[18]))]),
    group(&["Asia"], &["亚洲"], &[("0001-01-01", M49(&[30, 34, 35, 143, 145]))]),
    group(&["East Asia", "Eastern Asia"], &["东亚"], &[("0001-01-01", M49(&[30]))]),
    group(&["Southeast Asia", "South-eastern Asia", "South East Asia", "South-East Asia", "SEA"],
        &["东南亚"],
        &[("0001-01-01", M49(&[35]))]),
    group(&["South Asia", "Southern Asia"], &["南亚"], &[("0001-01-01", M49(&[34]))]),
    group(&["Central Asia"], &["中亚"], &[("0001-01-01", M49(&[143]))]),
    group(&["Western Asia", "West Asia"], &["西亚"], &[("0001-01-01", M49(&[145]))]),
    group(&["Europe"], &["欧洲"], &[("0001-01-01", M49(&[39, 151, 154, 155]))]),
    group(&["Western Europe"], &["西欧"], &[("0001-01-01", M49(&[155]))]),
    group(&["Eastern Europe"], &["东欧"], &[("0001-01-01", M49(&[151]))]),
    group(&["Northern Europe"], &["北欧"], &[("0001-01-01", M49(&[154]))]),
    group(&["Southern Europe"], &["南欧"], &[("0001-01-01", M49(&[39]))]),
    group(&["Oceania"], &["大洋洲"], &[("0001-01-01", M49(&[53, 54, 57, 61]))]),
    group(&["Australia and New Zealand", "ANZ"],
        &["澳新", "澳大利亚和新西兰"],
        &[("0001-01-01", Codes("AU NZ"))]),
    group(&["Pacific Islands"], &["太平洋岛屿"], &[("0001-01-01", M49(&[54, 57, 61]))]),
    group(&["Asia Pacific", "Asia-Pacific", "APAC"],
        &["亚太", "亚太地区"],
        &[("0001-01-01", M49(&[30, 34, 35, 53, 54, 57, 61]))]),
    group(&["RCEP"],
        &["区域全面经济伙伴关系协定", "RCEP成员"],
        &[("0001-01-01", Codes("AU BN CN ID JP KH KR LA MM MY NZ PH SG TH VN"))]),
    group(&["Francophone Africa"],
        &["非洲法语区"],
        &[("0001-01-01", Codes("BF BI BJ CD CF CG CI CM DJ GA GN GQ KM MG ML NE RW SC SN TD TG"))]),
    group(&["Spanish-speaking Latin America", "Hispanic America"],
        &["拉美西语区"],
        &[("0001-01-01", Codes("AR BO CL CO CR CU DO EC GT HN MX NI PA PE PR PY SV UY VE"))]),
    group(&["Indian Subcontinent"], &["印度次大陆"], &[("0001-01-01", Codes("BD BT IN LK MV NP PK"))]),
];
