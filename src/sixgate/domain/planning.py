"""顶层设计: the axes of a project and the secrecy screening before anything is written down."""

import re

from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop

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


class SecrecyStop(Refusal):
    """涉密不上网: the matter goes off-line; nothing about it is kept (保守国家秘密法 第二十九、三十、三十一条)."""

    def __init__(self) -> None:
        super().__init__(
            "secrecy_stop",
            gettext_noop("涉密或不能确定是否涉密的项目不能在这里登记，刚才填写的内容没有保存。"),
            field="screening",
            clause=gettext_noop("《保守国家秘密法》第二十九条、第三十条、第三十一条"),
            remedy=gettext_noop("请联系本单位保密办，按保密规定在线下办理；是否可以脱密由定密责任人决定。"),
        )


def screen(answer: str) -> None:
    """Let only a clear "no" pass; raise SecrecyStop for "yes" and "unsure", Refusal when the question was not answered."""
    if answer == "no":
        return
    if answer in ("yes", "unsure"):
        raise SecrecyStop
    raise Refusal("screening_unanswered", gettext_noop("请先回答是否涉及国家秘密。"), field="screening")


_MARK = re.compile(r"绝密|机密|秘密\s*★|秘密级|密级")


def marked_secret(text: str) -> bool:
    """Tell whether a file name or first page bears a mark of state secrets (0.7: such a file is not taken)."""
    return _MARK.search(text) is not None
