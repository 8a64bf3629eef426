"""The names a bureau may write in its own templates, `{{项目名称}}`, each with an example. A list is written in one table row, `{{合同.金额}}`, and repeats it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sixgate.kernel.text import gettext_noop

KINDS: Final = (("project", gettext_noop("一个项目的简报")), ("portfolio", gettext_noop("一批项目的简报")))


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one kind of paper: single values, and lists with the names of a row; each with an example."""

    values: Mapping[str, str]
    lists: Mapping[str, Mapping[str, str]]

    @property
    def all(self) -> frozenset[str]:
        """Return every name as it is written between the braces."""
        return frozenset({*self.values, *(f"{group}.{name}" for group, names in self.lists.items() for name in names)})


_ISSUED: Final = {"制发单位": "广州市政务服务和数据管理局", "制发日期": "2026年11月25日"}
PLACEHOLDERS: Final[Mapping[str, Names]] = {
    "project": Names(
        {
            **_ISSUED,
            "项目名称": "市民卡平台升级",
            "项目编号": "XM-2026-001",
            "国家项目代码": "2601-440100-04-05-123456",
            "建设单位": "广州市人力资源和社会保障局",
            "项目责任人": "陈志明",
            "层级": "市级",
            "项目类型": "改扩建或升级",
            "网络": "政务外网",
            "办理状态": "在办",
            "所处阶段": "立项",
            "登记日期": "2026年1月5日",
            "计划开工": "2026年3月1日",
            "计划完成": "2026年12月31日",
            "建设内容": "升级市民卡发卡、结算和查询。",
            "项目金额": "1,280.00",
            "估算": "1,280.00",
            "概算": "1,265.00",
            "年度预算": "600.00",
            "合同金额": "1,198.00",
            "已支付": "359.40",
            "决算": "1,190.00",
            "决策点": "立项批复",
            "决定情况": "尚未决定",
            "满足项数": "12",
            "不满足项数": "1",
            "待补项数": "3",
            "不适用项数": "9",
            "卡关项数": "2",
            "超期期限数": "0",
            "规则包": "示例市电子政务项目规则",
            "规则包版本": "2026.1",
        },
        {
            "要求": {"名称": "安全等级定级备案", "对象": "市民卡平台", "判定": "待补", "依据": "《网络安全法》第21条", "由谁补": "建设单位", "怎么办": "请交备案证明。"},
            "资金": {"名目": "概算", "金额": "1,265.00", "来源": "初步设计批复"},
            "经费": {"年度": "2026", "来源": "地方部门预算", "金额": "600.00", "文号": "穗财〔2026〕8号"},
            "合同": {"名称": "平台开发合同", "供应商": "某某科技有限公司", "签订日期": "2026年6月1日", "金额": "1,198.00", "已支付": "359.40"},
            "期限": {"名称": "竣工验收", "状态": "计时中", "到期日": "2027年3月1日", "办理单位": "建设单位"},
        },
    ),
    "portfolio": Names(
        {
            **_ISSUED,
            "筛选条件": "全部可见项目",
            "项目总数": "120",
            "金额合计": "98,640.00",
            "金额未知项目数": "3",
            "批准后有变项目数": "2",
            "立项项目数": "30",
            "设计项目数": "22",
            "采购项目数": "18",
            "实施项目数": "26",
            "验收项目数": "14",
            "运维项目数": "10",
            "逐项判定项目数": "60",
            "卡关项目数": "41",
            "超期期限数": "5",
        },
        {
            "项目": {
                "名称": "市民卡平台升级", "编号": "XM-2026-001", "建设单位": "广州市人力资源和社会保障局", "所处阶段": "立项", "下一决策点": "立项批复",
                "金额": "1,280.00", "办理状态": "在办",
            },
            "判定": {"项目": "市民卡平台升级", "决策点": "立项批复", "不满足": "1", "待补": "3", "卡关": "2", "超期期限": "0"},
            "阶段": {"名称": "立项", "项目数": "30", "金额": "21,000.00"},
        },
    ),
}  # fmt: skip
