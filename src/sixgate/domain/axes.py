"""The six axes a rule may apply by, and the properties of projects and systems, with what people call them (reference 0.6)."""

from sixgate.kernel.text import gettext_noop

STAGES = (
    ("initiation", gettext_noop("立项")),
    ("design", gettext_noop("设计")),
    ("procurement", gettext_noop("采购")),
    ("delivery", gettext_noop("实施")),
    ("acceptance", gettext_noop("验收")),
    ("operations", gettext_noop("运维")),
)
STAGE_TITLES = dict(STAGES)
LEVELS = (
    ("central", gettext_noop("中央")),
    ("province", gettext_noop("省级")),
    ("city", gettext_noop("市级")),
    ("county", gettext_noop("县级")),
    ("town", gettext_noop("乡镇")),
)
PROJECT_TYPES = (
    ("new", gettext_noop("新建")),
    ("upgrade", gettext_noop("改扩建或升级")),
    ("om", gettext_noop("运维")),
    ("service", gettext_noop("购买服务")),
    ("cloud", gettext_noop("云资源租用")),
    ("consult", gettext_noop("咨询测评")),
)
NETWORKS = (
    ("internet", gettext_noop("互联网")),
    ("gov_extranet", gettext_noop("政务外网")),
    ("dept_net", gettext_noop("部门专网")),
    ("lan", gettext_noop("局域网")),
)
FUNDING = (
    ("cbi", gettext_noop("中央预算内投资")),
    ("cdb", gettext_noop("中央部门预算")),
    ("lgi", gettext_noop("地方政府投资")),
    ("ldb", gettext_noop("地方部门预算")),
    ("bond", gettext_noop("地方政府专项债")),
    ("transfer", gettext_noop("上级转移支付")),
    ("own", gettext_noop("自有或其他")),
)
SECRECY = (
    ("public", gettext_noop("公开")),
    ("internal", gettext_noop("内部")),
    ("work_secret", gettext_noop("工作秘密")),
)


PROJECT_TRAITS = (
    ("is_fixed_asset", gettext_noop("固定资产投资")),
    ("has_civil_work", gettext_noop("含土建")),
    ("has_software_dev", gettext_noop("含软件开发")),
    ("mobile_app", gettext_noop("含移动应用")),
    ("public_facing", gettext_noop("面向公众")),
    ("in_plan", gettext_noop("列入年度计划")),
    ("gov_info_system_procurement", gettext_noop("属于政务信息系统采购")),
)
SYSTEM_TRAITS = (
    ("is_cii", gettext_noop("关键信息基础设施")),
    ("has_personal_info", gettext_noop("处理个人信息")),
    ("has_important_data", gettext_noop("处理重要数据")),
    ("public_facing", gettext_noop("面向公众")),
    ("mobile_app", gettext_noop("移动应用")),
    ("is_portal", gettext_noop("政府网站")),
    ("in_catalog", gettext_noop("已入系统总目录")),
)
