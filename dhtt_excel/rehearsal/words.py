"""Words of invented campaigns: names, walks of life, posts, deeds, speeches, sentences of a report. Data only.

Braces are filled in by `invent_entries`: the unit's own words ({unit} "phường Hàng Bạc", {hamlet} "tổ dân phố", …) and
numbers drawn anew ({a} 12-95, {b} 2-9, {c} 20-480, {d} 3-25, {p} 86-99, {n} the number of a hamlet). Occupations,
fields, sectors and awards are hints: the value that is written is the plan's own that fits best.
"""

from __future__ import annotations

from typing import NamedTuple

# ---------------------------------------------------------------- names of persons

FAMILIES: dict[str, float] = {
    "Nguyễn": 31, "Trần": 11, "Lê": 9.5, "Phạm": 7, "Vũ": 5, "Hoàng": 4.5, "Phan": 2.5, "Bùi": 2.4, "Đỗ": 2.3, "Đặng": 2.1,
    "Ngô": 1.6, "Dương": 1.3, "Đinh": 1.2, "Đào": 1.1, "Trịnh": 1.1, "Lương": 0.9, "Mai": 0.8, "Hồ": 0.7, "Phùng": 0.7,
    "Cao": 0.6, "Tạ": 0.6, "Lưu": 0.6, "Hà": 0.6, "Chu": 0.5, "Võ": 0.5, "Tô": 0.4, "Vương": 0.4, "Kiều": 0.3, "Nghiêm": 0.3,
    "Lại": 0.3, "Thái": 0.3, "Quách": 0.2, "Tống": 0.2, "Doãn": 0.2, "Khuất": 0.1, "Huỳnh": 0.1,
}  # fmt: skip

# Families frequent in the ethnic groups that the lists draw from; everyone else takes FAMILIES.
ETHNIC_FAMILIES: dict[str, tuple[str, ...]] = {
    "Tày": ("Nông", "Hoàng", "Lý", "Ma", "Triệu", "Vi"),
    "Mường": ("Bùi", "Quách", "Đinh", "Hà", "Bạch"),
    "Nùng": ("Nông", "Lương", "Hoàng", "Vi", "Lục"),
    "Thái": ("Lò", "Cầm", "Quàng", "Hà", "Vi"),
    "Hoa": ("Lâm", "Lưu", "Trần", "Lý", "Quách", "Tô"),
}

MIDDLES: dict[str, dict[str, float]] = {
    "male": {
        "Văn": 14, "Đức": 5, "Hữu": 4, "Quang": 5, "Minh": 5, "Ngọc": 4, "Thanh": 4, "Xuân": 4, "Đình": 4, "Quốc": 4, "Công": 3,
        "Mạnh": 3, "Tiến": 3, "Trọng": 2, "Tuấn": 2, "Anh": 2, "Hoàng": 3, "Hải": 2, "Việt": 2, "Duy": 2, "Gia": 1.5, "Thế": 2,
        "Bá": 1.5, "Viết": 1.5, "Khắc": 1, "Hồng": 1.5, "Trung": 1.5, "Nhật": 1.5, "Đăng": 1.5, "Huy": 1, "Trường": 1, "Thành": 2,
    },
    "female": {
        "Thị": 14, "Thị Thu": 4, "Thị Kim": 3, "Thị Thanh": 4, "Thị Bích": 3, "Thị Minh": 3, "Thị Hồng": 4, "Thị Ngọc": 3,
        "Thị Phương": 2, "Thị Lan": 2, "Thị Mai": 2, "Thu": 3, "Thanh": 3, "Hồng": 2, "Ngọc": 3, "Minh": 3, "Kim": 2, "Bích": 2,
        "Phương": 2, "Mai": 2, "Khánh": 1.5, "Bảo": 1.5, "Diệu": 1.5, "Hoài": 1.5, "Quỳnh": 1.5, "Thùy": 1.5, "Tuyết": 1.5, "Ánh": 1,
        "Hải": 1, "Vân": 1, "Lan": 1, "Như": 1, "Cẩm": 0.7, "Huyền": 0.7, "Thảo": 0.7,
    },
}  # fmt: skip

GIVENS: dict[str, tuple[str, ...]] = {
    "male": (
        "Anh", "Bách", "Bảo", "Bình", "Chiến", "Cường", "Dũng", "Duy", "Dương", "Đạt", "Định", "Đông", "Đức",
        "Giang", "Hà", "Hải", "Hậu", "Hiển", "Hiệp", "Hiếu", "Hòa", "Hoàn", "Hoàng", "Huấn", "Hùng", "Huy", "Hưng",
        "Khải", "Khang", "Khánh", "Khoa", "Khôi", "Kiên", "Lâm", "Liêm", "Linh", "Lộc", "Long", "Lợi", "Luân",
        "Mạnh", "Minh", "Nam", "Nghĩa", "Ngọc", "Nhân", "Nhật", "Phong", "Phú", "Phúc", "Phương", "Quân", "Quang",
        "Quý", "Quyền", "Quyết", "Sang", "Sơn", "Tài", "Tân", "Thái", "Thanh", "Thành", "Thắng", "Thiện", "Thịnh",
        "Thọ", "Thông", "Thuận", "Tiến", "Tín", "Toàn", "Toản", "Trí", "Trung", "Trường", "Tú", "Tuấn", "Tùng",
        "Tuyên", "Vinh", "Việt", "Vượng",
    ),
    "female": (
        "An", "Anh", "Ánh", "Bích", "Bình", "Châu", "Chi", "Dung", "Diệp", "Đào", "Hà", "Hạnh", "Hảo", "Hằng", "Hậu",
        "Hiền", "Hoa", "Hòa", "Hoài", "Hồng", "Huế", "Hương", "Hường", "Huyền", "Khanh", "Khuyên", "Lan", "Liên",
        "Linh", "Loan", "Lụa", "Luyến", "Ly", "Mai", "Minh", "My", "Nga", "Ngà", "Ngân", "Ngọc", "Nguyệt", "Nhàn",
        "Nhi", "Nhung", "Oanh", "Phương", "Phượng", "Quyên", "Quỳnh", "Sen", "Tâm", "Thanh", "Thảo", "Thắm", "Thoa",
        "Thơm", "Thu", "Thúy", "Thùy", "Thủy", "Thư", "Thương", "Tình", "Trang", "Trinh", "Tuyết", "Uyên", "Vân",
        "Vy", "Xuân", "Yến",
    ),
}  # fmt: skip

# Names that the lists above could make and that a reader would take for a person of public life: never invented.
PUBLIC_NAMES = frozenset((
    "Nguyễn Xuân Phúc", "Nguyễn Thị Kim Ngân", "Nguyễn Thị Kim Tiến", "Trần Quốc Vượng", "Hoàng Trung Hải",
    "Phạm Bình Minh", "Trần Hồng Hà", "Trịnh Đình Dũng", "Nguyễn Văn Bình", "Nguyễn Hòa Bình", "Phan Văn Giang",
    "Lê Văn Thành", "Lê Thành Long", "Lê Minh Hưng", "Chu Ngọc Anh", "Đinh Tiến Dũng", "Nguyễn Ngọc Tuấn",
    "Trần Sỹ Thanh", "Nguyễn Thị Bích Ngọc", "Bùi Thị Minh Hoài", "Bùi Huyền Mai", "Vũ Thu Hà", "Trần Tuấn Anh",
    "Nguyễn Mạnh Hùng", "Nguyễn Xuân Cường", "Nguyễn Chí Dũng", "Hoàng Minh Sơn", "Đỗ Văn Chiến", "Nguyễn Quang Đức",
    "Phạm Tuấn Long", "Nguyễn Văn Thắng", "Nguyễn Xuân Thắng", "Nguyễn Trọng Nghĩa", "Lê Hồng Anh", "Trần Đại Quang",
    "Nguyễn Văn Linh", "Trần Quốc Toản", "Nguyễn Văn Bảy", "Võ Thị Ánh Xuân", "Phạm Thanh Bình", "Nguyễn Quang Hải",
    "Trần Hưng Đạo", "Nguyễn Quốc Hùng", "Vũ Đức Anh",
))  # fmt: skip

RELIGIONS: dict[str, float] = {"Không": 88, "Phật giáo": 8, "Công giáo": 4}
ETHNICITIES: dict[str, float] = {"Kinh": 955, "Tày": 14, "Mường": 11, "Nùng": 8, "Thái": 6, "Hoa": 6}

# ---------------------------------------------------------------- places and organisations

# What a neighbourhood, its head, its roads and lanes are called; elsewhere "tổ dân phố".
HAMLETS = {"xã": ("thôn", "Trưởng thôn", "tuyến đường", "ngõ xóm")}
TOWN_HAMLET = ("tổ dân phố", "Tổ trưởng tổ dân phố", "tuyến phố", "ngõ phố")
# The party committee of the upper level, where it is not the noun with "ủy".
PARTY_SHORT = {"thành phố": "Thành ủy", "thị xã": "Thị ủy"}
PROVINCES = ("thành phố", "tỉnh")
# What the offices of the upper level, and those above it, are called.
DISTRICT_OFFICES = {
    "schools": "Phòng Giáo dục và Đào tạo", "culture": "Phòng Văn hóa và Thông tin", "trade": "Phòng Kinh tế",
    "welfare": "Phòng Lao động - Thương binh và Xã hội", "finance": "Phòng Tài chính - Kế hoạch", "works": "Phòng Quản lý đô thị",
    "justice": "Phòng Tư pháp", "nature": "Phòng Tài nguyên và Môi trường", "health": "Phòng Y tế", "radio": "Đài Truyền thanh",
    "chief": "Trưởng phòng", "deputy": "Phó trưởng phòng Thường trực", "second": "Phó Trưởng phòng", "police_chief": "Trưởng Công an",
    "squad": "Đội", "squad_head": "Đội trưởng", "army": "Ban Chỉ huy Quân sự", "branches": "sở, ngành", "press": "Báo và Đài",
}  # fmt: skip
PROVINCE_OFFICES = {
    "schools": "Sở Giáo dục và Đào tạo", "culture": "Sở Văn hóa và Thể thao", "trade": "Sở Công Thương",
    "welfare": "Sở Y tế", "finance": "Sở Tài chính", "works": "Sở Xây dựng",
    "justice": "Sở Tư pháp", "nature": "Sở Nông nghiệp và Môi trường", "health": "Sở Y tế", "radio": "Đài Phát thanh và Truyền hình",
    "chief": "Giám đốc", "deputy": "Phó Giám đốc Thường trực", "second": "Phó Giám đốc", "police_chief": "Giám đốc Công an",
    "squad": "Phòng", "squad_head": "Trưởng phòng", "army": "Cơ quan Quân sự", "branches": "bộ, ngành", "press": "Báo, đài",
}  # fmt: skip

BLOSSOMS = ("Hoa Sen", "Hoa Hồng", "Sao Mai", "Họa Mi", "Ánh Dương", "Tuổi Thơ", "Bình Minh", "Hướng Dương", "Sơn Ca", "Ban Mai",
            "Tre Xanh", "Măng Non", "Mai Vàng", "Hoa Phượng", "Hải Âu", "Nắng Hồng")  # fmt: skip
FIRM_FIRST = (
    "An",
    "Minh",
    "Tân",
    "Đại",
    "Phúc",
    "Gia",
    "Hưng",
    "Bảo",
    "Kim",
    "Thiên",
    "Vạn",
    "Đông",
    "Hồng",
    "Thuận",
    "Nhật",
)
FIRM_LAST = (
    "Phát",
    "Thịnh",
    "Khang",
    "Lộc",
    "Tín",
    "Nguyên",
    "Thành",
    "Sơn",
    "Dương",
    "Cát",
    "Long",
    "Hải",
    "Việt",
    "Vinh",
)
FIRM_LINES = (
    "Thương mại và Dịch vụ",
    "Du lịch",
    "Thời trang",
    "Vàng bạc đá quý",
    "Thực phẩm",
    "Xuất nhập khẩu",
    "Nội thất",
)
FOREIGN_FIRMS = ("Midorika", "Norvela", "Soramizu", "Hanuri Stay", "Belmarin", "Kazenoki", "Altavent", "Seoyang Soft")
CRAFTS = (
    "kim hoàn",
    "thêu ren",
    "tranh dân gian",
    "đồ đồng",
    "mây tre đan",
    "may đo",
    "giấy dó",
    "sơn mài",
    "khảm trai",
)
CLUBS = (
    "Thơ ca",
    "Dưỡng sinh",
    "Cầu lông",
    "Cờ tướng",
    "Khiêu vũ cao tuổi",
    "Hát chèo",
    "Yêu sách",
    "Đi bộ vì sức khỏe",
)
PAGODAS = ("Vạn An", "Phúc Lâm Viên", "Thiện Duyên", "Từ Ân", "Diệu Hương")

# Hints of list values.
OFFICIAL, STAFF, PART_TIME, ARMED = "Cán bộ, công chức", "Viên chức", "Không chuyên trách", "Lực lượng vũ trang"
WORKER, CLERK, OWNER = "Lao động trực tiếp", "Lao động gián tiếp", "Doanh nhân, chủ hộ kinh doanh"
PUPIL, RETIRED, BELIEVER, OTHER = "Học sinh, sinh viên", "Cán bộ hưu trí", "Chức sắc, tín đồ tôn giáo", "Khác"
EMPLOYED = (OFFICIAL, STAFF, WORKER, CLERK)
RETIREMENT_AGES = {"male": 59, "female": 54}

PARTY, RULE, SECURITY, SCHOOL = (
    "Đảng, Mặt trận, đoàn thể",
    "Quản lý nhà nước",
    "An ninh - Quốc phòng",
    "Giáo dục - Đào tạo",
)
HEALTH, CULTURE, TRADE = "Y tế", "Văn hóa - Thể thao - Du lịch", "Thương mại - Dịch vụ"
CRAFT, ORDER, FOOD = "Công nghiệp - Thủ công nghiệp", "Trật tự, văn minh đô thị", "An toàn thực phẩm"
BUILDING, CHARITY = "Môi trường - Xây dựng", "Nhân đạo, từ thiện, an sinh xã hội"
FAITH, SCIENCE = "Tôn giáo - Tín ngưỡng", "Khoa học - Công nghệ"

STATE, SHARED, PRIVATE = "Kinh tế nhà nước", "Kinh tế tập thể", "Kinh tế tư nhân"
FOREIGN, NO_SECTOR = "Kinh tế có vốn đầu tư nước ngoài", "Không áp dụng"


class Walk(NamedTuple):
    """A walk of life: who stands in a list for what. `women` is the share of women, `collective` what a head stands for."""

    position: str
    organisation: str
    occupation: str
    field: str
    sector: str
    youngest: int
    oldest: int
    women: float = 0.5
    direct: bool = False
    collective: str = ""
    weight: float = 1
    religion: str = ""


# Heads who represent their collective, in a local unit. The first can be repeated for as long as there are hamlets.
LOCAL_HEADS = (
    Walk("{hamlet_head}", "{Hamlet} số {n}", PART_TIME, ORDER, NO_SECTOR, 45, 72, 0.4, collective="{Hamlet} số {n}", weight=5),
    Walk("Chi hội trưởng", "Chi hội Phụ nữ {hamlet} số {n}", PART_TIME, PARTY, NO_SECTOR, 40, 68, 1, collective="Chi hội Phụ nữ {hamlet} số {n}", weight=3),
    Walk("Chi hội trưởng", "Chi hội Cựu chiến binh {hamlet} số {n}", RETIRED, PARTY, NO_SECTOR, 58, 76, 0.05, collective="Chi hội Cựu chiến binh {hamlet} số {n}", weight=2),
    Walk("Chi hội trưởng", "Chi hội Người cao tuổi {hamlet} số {n}", RETIRED, CHARITY, NO_SECTOR, 62, 80, 0.5, collective="Chi hội Người cao tuổi {hamlet} số {n}", weight=2),
    Walk("Hiệu trưởng", "{kindergarten}", STAFF, SCHOOL, STATE, 38, 55, 1, collective="{kindergarten}"),
    Walk("Hiệu trưởng", "{primary}", STAFF, SCHOOL, STATE, 40, 58, 0.8, collective="{primary}"),
    Walk("Phó Hiệu trưởng", "{secondary}", STAFF, SCHOOL, STATE, 38, 56, 0.7, collective="Tổ Khoa học tự nhiên {secondary}"),
    Walk("Trạm trưởng", "Trạm Y tế {unit}", STAFF, HEALTH, STATE, 38, 58, 0.6, collective="Trạm Y tế {unit}"),
    Walk("Tổ trưởng Tổ Cảnh sát khu vực", "Công an {unit}", ARMED, SECURITY, NO_SECTOR, 32, 50, 0.05, collective="Tổ Cảnh sát khu vực Công an {unit}"),
    Walk("Chỉ huy phó", "Ban Chỉ huy Quân sự {unit}", ARMED, SECURITY, NO_SECTOR, 28, 45, 0, collective="Ban Chỉ huy Quân sự {unit}"),
    Walk("Giám đốc", "Hợp tác xã {craft} {firm}", OWNER, CRAFT, SHARED, 40, 65, 0.4, collective="Hợp tác xã {craft} {firm}", weight=2),
    Walk("Giám đốc", "Công ty TNHH {line} {firm}", OWNER, TRADE, PRIVATE, 34, 62, 0.4, collective="Công ty TNHH {line} {firm}", weight=3),
    Walk("Chủ tịch Công đoàn", "Công ty TNHH {foreign} Việt Nam", CLERK, TRADE, FOREIGN, 30, 50, 0.6, collective="Công đoàn Công ty TNHH {foreign} Việt Nam"),
    Walk("Chủ nhiệm", "Câu lạc bộ {club} {unit}", RETIRED, CULTURE, NO_SECTOR, 58, 75, 0.6, collective="Câu lạc bộ {club} {unit}", weight=2),
    Walk("Tổ trưởng", "Tổ Vệ sinh môi trường số {b}", WORKER, BUILDING, STATE, 35, 55, 0.7, direct=True, collective="Tổ Vệ sinh môi trường số {b}"),
    Walk("Tổ trưởng Bộ phận một cửa", "{office}", OFFICIAL, RULE, NO_SECTOR, 32, 54, 0.6, collective="Bộ phận một cửa {office}"),
    Walk("Chủ tịch", "Hội Chữ thập đỏ {unit}", PART_TIME, CHARITY, NO_SECTOR, 45, 68, 0.7, collective="Hội Chữ thập đỏ {unit}"),
    Walk("Phó Bí thư", "Đoàn Thanh niên {unit}", PART_TIME, PARTY, NO_SECTOR, 23, 33, 0.5, collective="Đoàn Thanh niên {unit}"),
    Walk("Trưởng ban", "Ban Bảo vệ {hamlet} {unit}", PART_TIME, ORDER, NO_SECTOR, 45, 65, 0.05, direct=True, collective="Ban Bảo vệ {hamlet} {unit}"),
    Walk("Đội trưởng", "Đội tình nguyện an toàn thực phẩm {unit}", PART_TIME, FOOD, NO_SECTOR, 40, 65, 0.7, collective="Đội tình nguyện an toàn thực phẩm {unit}"),
    Walk("Trưởng ban", "Ban Quản lý chợ {firm}", STAFF, TRADE, STATE, 38, 57, 0.3, collective="Ban Quản lý chợ {firm}"),
)  # fmt: skip

# Individuals who are exemplars, in a local unit.
LOCAL_PERSONS = (
    Walk("Giáo viên", "{kindergarten}", STAFF, SCHOOL, STATE, 25, 52, 1, direct=True, weight=3),
    Walk("Giáo viên", "{primary}", STAFF, SCHOOL, STATE, 26, 55, 0.85, direct=True, weight=4),
    Walk("Giáo viên", "{secondary}", STAFF, SCHOOL, STATE, 27, 56, 0.75, direct=True, weight=4),
    Walk("Nhân viên y tế học đường", "{primary}", STAFF, HEALTH, STATE, 26, 50, 0.9, direct=True),
    Walk("Bác sĩ", "Trạm Y tế {unit}", STAFF, HEALTH, STATE, 29, 57, 0.6, direct=True, weight=2),
    Walk("Điều dưỡng", "Trạm Y tế {unit}", STAFF, HEALTH, STATE, 25, 52, 0.9, direct=True, weight=2),
    Walk("Cộng tác viên dân số", "{Hamlet} số {n}", PART_TIME, HEALTH, NO_SECTOR, 40, 66, 0.95, direct=True, weight=2),
    Walk("Cảnh sát khu vực", "Công an {unit}", ARMED, SECURITY, NO_SECTOR, 24, 48, 0.1, direct=True, weight=4),
    Walk("Cán bộ điều tra cơ bản", "Công an {unit}", ARMED, SECURITY, NO_SECTOR, 24, 45, 0.2, direct=True, weight=2),
    Walk("Chiến sĩ dân quân thường trực", "Ban Chỉ huy Quân sự {unit}", ARMED, SECURITY, NO_SECTOR, 20, 32, 0, direct=True, weight=2),
    Walk("Công chức Tư pháp - Hộ tịch", "{office}", OFFICIAL, RULE, NO_SECTOR, 27, 54, 0.6, weight=2),
    Walk("Công chức Địa chính - Xây dựng", "{office}", OFFICIAL, BUILDING, NO_SECTOR, 27, 54, 0.3, weight=2),
    Walk("Công chức Văn phòng - Thống kê", "{office}", OFFICIAL, RULE, NO_SECTOR, 26, 52, 0.6, weight=2),
    Walk("Công chức Tài chính - Kế toán", "{office}", OFFICIAL, RULE, NO_SECTOR, 28, 53, 0.8),
    Walk("Công chức Văn hóa - Xã hội", "{office}", OFFICIAL, CULTURE, NO_SECTOR, 26, 52, 0.7),
    Walk("Công nhân vệ sinh môi trường", "Tổ Vệ sinh môi trường số {b}", WORKER, BUILDING, STATE, 28, 54, 0.75, direct=True, weight=4),
    Walk("Công nhân vận hành lưới điện", "Đội Quản lý điện số {b}", WORKER, CRAFT, STATE, 26, 52, 0, direct=True, weight=2),
    Walk("Thợ kỹ thuật cấp nước", "Xí nghiệp Cấp nước số {b}", WORKER, BUILDING, STATE, 26, 54, 0, direct=True),
    Walk("Nghệ nhân {craft}", "Hợp tác xã {craft} {firm}", WORKER, CRAFT, SHARED, 38, 70, 0.4, direct=True, weight=3),
    Walk("Thợ {craft}", "Cơ sở {craft} {firm}", WORKER, CRAFT, PRIVATE, 22, 58, 0.5, direct=True, weight=3),
    Walk("Chủ hộ kinh doanh", "Chợ {firm}", OWNER, TRADE, PRIVATE, 32, 64, 0.75, direct=True, weight=3),
    Walk("Giám đốc", "Công ty Cổ phần {line} {firm}", OWNER, TRADE, PRIVATE, 33, 60, 0.35, weight=2),
    Walk("Nhân viên bán hàng", "Công ty TNHH {line} {firm}", WORKER, TRADE, PRIVATE, 22, 45, 0.75, direct=True, weight=2),
    Walk("Kế toán", "Công ty TNHH {line} {firm}", CLERK, TRADE, PRIVATE, 24, 50, 0.9, weight=2),
    Walk("Đầu bếp", "Nhà hàng {firm}", WORKER, FOOD, PRIVATE, 26, 55, 0.3, direct=True, weight=2),
    Walk("Chủ cửa hàng ăn uống", "Cửa hàng ăn uống {firm}", OWNER, FOOD, PRIVATE, 34, 64, 0.7, direct=True, weight=2),
    Walk("Nhân viên buồng phòng", "Công ty TNHH {foreign} Việt Nam", WORKER, TRADE, FOREIGN, 22, 45, 0.85, direct=True, weight=2),
    Walk("Hướng dẫn viên du lịch", "Công ty TNHH Du lịch {firm}", WORKER, CULTURE, PRIVATE, 24, 45, 0.5, direct=True),
    Walk("Huấn luyện viên", "Câu lạc bộ {club} {unit}", OTHER, CULTURE, NO_SECTOR, 28, 60, 0.4, direct=True),
    Walk("Kỹ sư phần mềm", "Công ty Cổ phần Công nghệ {firm}", CLERK, SCIENCE, PRIVATE, 24, 42, 0.3, weight=2),
    Walk("Kỹ thuật viên", "Công ty TNHH {foreign} Việt Nam", WORKER, SCIENCE, FOREIGN, 24, 45, 0.25, direct=True),
    Walk("Học sinh lớp {grade}", "{secondary}", PUPIL, SCHOOL, NO_SECTOR, 12, 15, 0.5, weight=2),
    Walk("Sinh viên, đội viên tình nguyện", "Đoàn Thanh niên {unit}", PUPIL, CHARITY, NO_SECTOR, 19, 22, 0.5, weight=2),
    Walk("Cán bộ hưu trí", "{Hamlet} số {n}", RETIRED, PARTY, NO_SECTOR, 61, 80, 0.45, weight=4),
    Walk("Tổ viên tổ hòa giải", "{Hamlet} số {n}", RETIRED, RULE, NO_SECTOR, 58, 76, 0.5, weight=2),
    Walk("Đội viên Đội văn nghệ", "{Hamlet} số {n}", RETIRED, CULTURE, NO_SECTOR, 57, 72, 0.8),
    Walk("Tình nguyện viên Chữ thập đỏ", "{Hamlet} số {n}", OTHER, CHARITY, NO_SECTOR, 35, 66, 0.8, direct=True, weight=3),
    Walk("Bảo vệ {hamlet}", "{Hamlet} số {n}", PART_TIME, ORDER, NO_SECTOR, 40, 64, 0.02, direct=True, weight=3),
    Walk("Tổ viên Tổ tự quản trật tự", "{Hamlet} số {n}", PART_TIME, ORDER, NO_SECTOR, 38, 68, 0.3, direct=True, weight=2),
    Walk("Lái xe ôm tự quản", "{Hamlet} số {n}", WORKER, ORDER, PRIVATE, 35, 58, 0, direct=True),
    Walk("Trưởng ban Hộ tự", "Chùa {pagoda}", BELIEVER, FAITH, NO_SECTOR, 52, 76, 0.6, religion="Phật giáo"),
    Walk("Trùm trưởng", "Giáo xứ trên địa bàn {unit}", BELIEVER, FAITH, NO_SECTOR, 50, 72, 0.2, religion="Công giáo"),
)  # fmt: skip

# The same for the upper unit: its agencies, services, hospitals, firms.
UPPER_HEADS = (
    Walk("{second}", "{schools} {unit}", OFFICIAL, SCHOOL, NO_SECTOR, 38, 56, 0.6, collective="{schools} {unit}"),
    Walk("Hiệu trưởng", "Trường THPT {blossom}", STAFF, SCHOOL, STATE, 42, 58, 0.5, collective="Trường THPT {blossom}"),
    Walk("Phó Giám đốc", "Trung tâm Y tế {unit}", STAFF, HEALTH, STATE, 40, 58, 0.4, collective="Trung tâm Y tế {unit}"),
    Walk("Trưởng khoa Cấp cứu", "Bệnh viện Đa khoa {unit}", STAFF, HEALTH, STATE, 40, 57, 0.3, collective="Khoa Cấp cứu Bệnh viện Đa khoa {unit}"),
    Walk("{squad_head}", "{squad} Cảnh sát hình sự Công an {unit}", ARMED, SECURITY, NO_SECTOR, 36, 50, 0, collective="{squad} Cảnh sát hình sự Công an {unit}"),
    Walk("Chính trị viên phó", "{army} {unit}", ARMED, SECURITY, NO_SECTOR, 34, 48, 0, collective="{army} {unit}"),
    Walk("Đội trưởng", "Đội Quản lý trật tự xây dựng đô thị {unit}", OFFICIAL, ORDER, NO_SECTOR, 36, 54, 0.05, collective="Đội Quản lý trật tự xây dựng đô thị {unit}"),
    Walk("Giám đốc", "Trung tâm Văn hóa - Thông tin và Thể thao {unit}", STAFF, CULTURE, STATE, 40, 57, 0.4, collective="Trung tâm Văn hóa - Thông tin và Thể thao {unit}"),
    Walk("Chủ tịch Hội đồng quản trị", "Hợp tác xã {craft} {firm}", OWNER, CRAFT, SHARED, 42, 66, 0.4, collective="Hợp tác xã {craft} {firm}"),
    Walk("Tổng Giám đốc", "Công ty Cổ phần {line} {firm}", OWNER, TRADE, PRIVATE, 38, 62, 0.3, collective="Công ty Cổ phần {line} {firm}"),
    Walk("Chủ tịch Công đoàn", "Công ty TNHH {foreign} Việt Nam", CLERK, TRADE, FOREIGN, 30, 50, 0.6, collective="Công đoàn Công ty TNHH {foreign} Việt Nam"),
    Walk("Giám đốc", "Xí nghiệp Môi trường đô thị số {b}", STAFF, BUILDING, STATE, 38, 57, 0.2, collective="Xí nghiệp Môi trường đô thị số {b}"),
    Walk("Phó Chủ tịch", "Hội Liên hiệp Phụ nữ {unit}", OFFICIAL, PARTY, NO_SECTOR, 35, 54, 1, collective="Hội Liên hiệp Phụ nữ {unit}"),
    Walk("Chủ tịch", "Hội Chữ thập đỏ {unit}", OFFICIAL, CHARITY, NO_SECTOR, 42, 58, 0.6, collective="Hội Chữ thập đỏ {unit}"),
    Walk("Chánh Văn phòng", "Văn phòng HĐND và {office}", OFFICIAL, RULE, NO_SECTOR, 38, 57, 0.3, collective="Bộ phận một cửa {office}"),
)  # fmt: skip

UPPER_PERSONS = (
    Walk("Giáo viên", "Trường THPT {blossom}", STAFF, SCHOOL, STATE, 27, 56, 0.7, direct=True, weight=3),
    Walk("Giáo viên", "Trung tâm Giáo dục nghề nghiệp - Giáo dục thường xuyên {unit}", STAFF, SCHOOL, STATE, 27, 56, 0.6, direct=True),
    Walk("Bác sĩ", "Bệnh viện Đa khoa {unit}", STAFF, HEALTH, STATE, 29, 57, 0.5, direct=True, weight=2),
    Walk("Điều dưỡng trưởng", "Bệnh viện Đa khoa {unit}", STAFF, HEALTH, STATE, 32, 53, 0.9, direct=True, weight=2),
    Walk("Cán bộ {squad} Cảnh sát giao thông", "Công an {unit}", ARMED, SECURITY, NO_SECTOR, 25, 50, 0.1, direct=True, weight=2),
    Walk("Trợ lý tác huấn", "{army} {unit}", ARMED, SECURITY, NO_SECTOR, 27, 46, 0, direct=True),
    Walk("Chuyên viên", "{justice} {unit}", OFFICIAL, RULE, NO_SECTOR, 27, 54, 0.6, weight=2),
    Walk("Chuyên viên", "{nature} {unit}", OFFICIAL, BUILDING, NO_SECTOR, 27, 52, 0.4),
    Walk("Chuyên viên", "{health} {unit}", OFFICIAL, FOOD, NO_SECTOR, 27, 54, 0.7),
    Walk("Chuyên viên công nghệ thông tin", "Văn phòng HĐND và {office}", OFFICIAL, SCIENCE, NO_SECTOR, 26, 45, 0.2),
    Walk("Kiểm soát viên thị trường", "Đội Quản lý thị trường số {b}", OFFICIAL, TRADE, NO_SECTOR, 28, 54, 0.3, direct=True),
    Walk("Nhân viên tuần tra đô thị", "Đội Quản lý trật tự xây dựng đô thị {unit}", OFFICIAL, ORDER, NO_SECTOR, 26, 50, 0.1, direct=True, weight=2),
    Walk("Công nhân thu gom rác", "Xí nghiệp Môi trường đô thị số {b}", WORKER, BUILDING, STATE, 28, 54, 0.7, direct=True, weight=3),
    Walk("Công nhân công viên cây xanh", "Xí nghiệp Công viên cây xanh số {b}", WORKER, BUILDING, STATE, 28, 54, 0.5, direct=True),
    Walk("Thợ điện bậc 7/7", "Công ty Điện lực {name}", WORKER, CRAFT, STATE, 35, 57, 0, direct=True),
    Walk("Nghệ nhân {craft}", "Hợp tác xã {craft} {firm}", WORKER, CRAFT, SHARED, 40, 70, 0.4, direct=True, weight=2),
    Walk("Công nhân may", "Công ty Cổ phần {line} {firm}", WORKER, CRAFT, PRIVATE, 22, 50, 0.9, direct=True, weight=2),
    Walk("Trưởng bộ phận lễ tân", "Công ty TNHH {foreign} Việt Nam", CLERK, TRADE, FOREIGN, 27, 45, 0.7),
    Walk("Nhân viên kỹ thuật", "Công ty TNHH {foreign} Việt Nam", WORKER, SCIENCE, FOREIGN, 24, 45, 0.2, direct=True),
    Walk("Giám đốc", "Công ty TNHH {line} {firm}", OWNER, TRADE, PRIVATE, 34, 62, 0.4, weight=2),
    Walk("Bếp trưởng", "Nhà hàng {firm}", WORKER, FOOD, PRIVATE, 30, 56, 0.2, direct=True),
    Walk("Diễn viên Đội tuyên truyền lưu động", "Trung tâm Văn hóa - Thông tin và Thể thao {unit}", STAFF, CULTURE, STATE, 24, 48, 0.6, direct=True),
    Walk("Vận động viên", "Trung tâm Văn hóa - Thông tin và Thể thao {unit}", OTHER, CULTURE, NO_SECTOR, 18, 30, 0.5, direct=True),
    Walk("Học sinh lớp {grade}", "Trường THPT {blossom}", PUPIL, SCHOOL, NO_SECTOR, 16, 18, 0.5, weight=2),
    Walk("Sinh viên, tình nguyện viên hiến máu", "Hội Chữ thập đỏ {unit}", PUPIL, CHARITY, NO_SECTOR, 19, 22, 0.5),
    Walk("Cán bộ hưu trí", "Hội Khuyến học {unit}", RETIRED, CHARITY, NO_SECTOR, 62, 80, 0.4),
    Walk("Hội viên", "Hội Cựu chiến binh {unit}", RETIRED, PARTY, NO_SECTOR, 58, 76, 0.05),
    Walk("Ủy viên Ban Trị sự", "Ban Trị sự Phật giáo {unit}", BELIEVER, FAITH, NO_SECTOR, 45, 75, 0.5, religion="Phật giáo"),
    Walk("Ủy viên", "Ủy ban Đoàn kết Công giáo {unit}", BELIEVER, FAITH, NO_SECTOR, 45, 72, 0.2, religion="Công giáo"),
    Walk("Cán bộ chuyên trách", "Liên đoàn Lao động {unit}", OFFICIAL, PARTY, NO_SECTOR, 28, 52, 0.6),
)  # fmt: skip

# Posts of guests. Those who govern the local unit are its own guests; the upper unit invites their deputies.
LOCAL_LEADERS = (
    Walk("Bí thư", "{party}", OFFICIAL, PARTY, NO_SECTOR, 42, 58, 0.3),
    Walk("Chủ tịch", "{office}", OFFICIAL, RULE, NO_SECTOR, 40, 57, 0.3),
    Walk("Chủ tịch", "HĐND {unit}", OFFICIAL, PARTY, NO_SECTOR, 42, 58, 0.4),
    Walk("Phó Chủ tịch phụ trách văn hóa - xã hội", "{office}", OFFICIAL, RULE, NO_SECTOR, 35, 54, 0.5),
    Walk("Phó Chủ tịch phụ trách kinh tế - đô thị", "{office}", OFFICIAL, BUILDING, NO_SECTOR, 35, 56, 0.2),
    Walk("Chủ tịch", "Ủy ban MTTQ Việt Nam {unit}", OFFICIAL, PARTY, NO_SECTOR, 40, 58, 0.5),
    Walk("Trưởng Công an", "Công an {unit}", ARMED, SECURITY, NO_SECTOR, 38, 52, 0.02),
    Walk("Chỉ huy trưởng", "Ban Chỉ huy Quân sự {unit}", ARMED, SECURITY, NO_SECTOR, 32, 48, 0),
    Walk("Chủ tịch", "Hội Liên hiệp Phụ nữ {unit}", OFFICIAL, PARTY, NO_SECTOR, 32, 52, 1),
    Walk("Chủ tịch", "Hội Cựu chiến binh {unit}", OFFICIAL, PARTY, NO_SECTOR, 50, 65, 0),
    Walk("Bí thư", "Đoàn Thanh niên {unit}", OFFICIAL, PARTY, NO_SECTOR, 25, 33, 0.5),
    Walk("Chủ tịch", "Hội Người cao tuổi {unit}", RETIRED, CHARITY, NO_SECTOR, 62, 74, 0.4),
    Walk("Đại biểu HĐND", "HĐND {upper}", OFFICIAL, PARTY, NO_SECTOR, 38, 58, 0.4),
    Walk("Ủy viên Ủy ban MTTQ", "Ủy ban MTTQ Việt Nam {upper}", OFFICIAL, PARTY, NO_SECTOR, 38, 58, 0.4),
    Walk("Chuyên viên", "{upper_department}", OFFICIAL, RULE, NO_SECTOR, 28, 52, 0.5),
    Walk("Chuyên viên", "{culture} {upper}", OFFICIAL, CULTURE, NO_SECTOR, 28, 52, 0.5),
    Walk("Chuyên viên", "{welfare} {upper}", OFFICIAL, CHARITY, NO_SECTOR, 28, 52, 0.6),
    Walk("Chuyên viên", "{trade} {upper}", OFFICIAL, TRADE, NO_SECTOR, 28, 52, 0.4),
    Walk("Chuyên viên", "{schools} {upper}", OFFICIAL, SCHOOL, NO_SECTOR, 30, 54, 0.6),
    Walk("Chuyên viên", "{finance} {upper}", OFFICIAL, RULE, NO_SECTOR, 28, 52, 0.5),
    Walk("Cán bộ {squad} Xây dựng phong trào", "Công an {upper}", ARMED, SECURITY, NO_SECTOR, 30, 48, 0.1),
    Walk("Bí thư Chi bộ", "Chi bộ {hamlet} số {n}", RETIRED, PARTY, NO_SECTOR, 60, 76, 0.4, weight=10),
    Walk("Trưởng ban Công tác Mặt trận", "Ban Công tác Mặt trận {hamlet} số {n}", PART_TIME, PARTY, NO_SECTOR, 56, 75, 0.4, weight=10),
)  # fmt: skip
LOCAL_GUESTS = (
    Walk("Nguyên Bí thư", "{party}", RETIRED, PARTY, NO_SECTOR, 61, 78, 0.2),
    Walk("Nguyên Chủ tịch", "{office}", RETIRED, RULE, NO_SECTOR, 61, 78, 0.2),
    Walk("Giám đốc", "Công ty TNHH {line} {firm}", OWNER, TRADE, PRIVATE, 36, 60, 0.4, weight=4),
    Walk("Chủ hộ kinh doanh tiêu biểu", "Chợ {firm}", OWNER, TRADE, PRIVATE, 36, 62, 0.7, weight=3),
    Walk("Phóng viên", "{radio} {upper}", STAFF, CULTURE, STATE, 25, 48, 0.5),
    Walk("Trưởng ban đại diện cha mẹ học sinh", "{primary}", CLERK, SCHOOL, PRIVATE, 32, 48, 0.7),
)  # fmt: skip
UPPER_LEADERS = (
    Walk("Bí thư", "{party}", OFFICIAL, PARTY, NO_SECTOR, 48, 58, 0.2),
    Walk("Phó Bí thư Thường trực", "{party}", OFFICIAL, PARTY, NO_SECTOR, 46, 58, 0.3),
    Walk("Chủ tịch", "{office}", OFFICIAL, RULE, NO_SECTOR, 46, 58, 0.1),
    Walk("Phó Chủ tịch phụ trách văn hóa - xã hội", "{office}", OFFICIAL, RULE, NO_SECTOR, 42, 56, 0.5),
    Walk("Phó Chủ tịch phụ trách kinh tế", "{office}", OFFICIAL, RULE, NO_SECTOR, 42, 57, 0.2),
    Walk("Phó Chủ tịch phụ trách đô thị", "{office}", OFFICIAL, BUILDING, NO_SECTOR, 42, 57, 0.1),
    Walk("Phó Chủ tịch Thường trực", "HĐND {unit}", OFFICIAL, PARTY, NO_SECTOR, 44, 58, 0.4),
    Walk("Chủ tịch", "Ủy ban MTTQ Việt Nam {unit}", OFFICIAL, PARTY, NO_SECTOR, 44, 58, 0.5),
    Walk("{police_chief}", "Công an {unit}", ARMED, SECURITY, NO_SECTOR, 44, 55, 0),
    Walk("Chỉ huy trưởng", "{army} {unit}", ARMED, SECURITY, NO_SECTOR, 42, 52, 0),
    Walk("Chủ tịch", "Liên đoàn Lao động {unit}", OFFICIAL, PARTY, NO_SECTOR, 40, 56, 0.5),
    Walk("Chủ tịch", "Hội Liên hiệp Phụ nữ {unit}", OFFICIAL, PARTY, NO_SECTOR, 40, 54, 1),
    Walk("Bí thư", "Đoàn TNCS Hồ Chí Minh {unit}", OFFICIAL, PARTY, NO_SECTOR, 28, 35, 0.4),
    Walk("Chủ tịch", "Hội Cựu chiến binh {unit}", OFFICIAL, PARTY, NO_SECTOR, 52, 64, 0),
    *(Walk(post, f"{{{office}}} {{unit}}", OFFICIAL, field, NO_SECTOR, 38, 57, 0.4)
      for post in ("{chief}", "{deputy}")
      for office, field in (("culture", CULTURE), ("welfare", CHARITY), ("trade", TRADE), ("finance", RULE), ("works", ORDER),
                            ("justice", RULE))),
    Walk("Chuyên viên chính", "Các {branches} {above}", OFFICIAL, RULE, NO_SECTOR, 34, 57, 0.4, weight=6),
)  # fmt: skip
# Invited by the upper unit from each of its local units.
DEPUTIES = (
    Walk("Phó Bí thư Thường trực", "{party}", OFFICIAL, PARTY, NO_SECTOR, 38, 57, 0.4),
    Walk("Phó Chủ tịch", "HĐND {unit}", OFFICIAL, PARTY, NO_SECTOR, 36, 56, 0.5),
    Walk("Phó Chủ tịch", "Ủy ban MTTQ Việt Nam {unit}", OFFICIAL, PARTY, NO_SECTOR, 38, 58, 0.5),
)
UPPER_GUESTS = (
    Walk("Nguyên Chủ tịch", "{office}", RETIRED, RULE, NO_SECTOR, 62, 78, 0.1),
    Walk("Nguyên Phó Chủ tịch", "HĐND {unit}", RETIRED, PARTY, NO_SECTOR, 61, 76, 0.3),
    Walk("Chủ tịch Hội đồng quản trị", "Công ty Cổ phần {line} {firm}", OWNER, TRADE, PRIVATE, 40, 62, 0.3, weight=6),
    Walk("Phóng viên", "{press} {above}", STAFF, CULTURE, STATE, 26, 50, 0.5, weight=4),
)

# The kind of guest names its body: "Lãnh đạo Ban TĐ-KT …". First word(s) of the kind -> posts held there.
GUEST_POSTS = {
    "Lãnh đạo": ("Phó Trưởng ban", "Trưởng phòng Nghiệp vụ", "Phó Trưởng phòng Nghiệp vụ", "Trưởng phòng Tổng hợp"),
    "Thành viên": ("Ủy viên Hội đồng", "Ủy viên Thường trực Hội đồng"),
    "Cán bộ": ("Chuyên viên", "Chuyên viên chính"),
}
SHORT_BODY, LONG_BODY = "TĐ-KT", "Thi đua - Khen thưởng"
EVERY_LEVEL = "các cấp"

COMPILERS = {
    "local": ("Công chức Văn hóa - Xã hội {unit}", "Công chức Văn phòng - Thống kê {unit}"),
    "upper": ("Chuyên viên {upper_department}",),
}
VENUES = {
    "local": ("Hội trường {office}", "Nhà văn hóa {unit}", "Hội trường {secondary}", "Nhà sinh hoạt cộng đồng {unit}"),
    "upper": ("Hội trường {office}", "Trung tâm Văn hóa - Thông tin và Thể thao {unit}"),
}
OFFICE_SHORT = "UBND"
EVENTS = (
    "Hội nghị tổng kết phong trào thi đua yêu nước năm {last_year} {unit}",
    "Lễ kỷ niệm {d} năm ngày thành lập {unit}",
    "Hội nghị sơ kết phong trào “Toàn dân đoàn kết xây dựng đời sống văn hóa” {unit}",
    "Ngày hội Đại đoàn kết và gặp mặt đầu xuân {year} {unit}",
)

# ---------------------------------------------------------------- awards

# A part of the award's name -> how high it is given. Where the name has a level's own name, that counts first.
AWARD_RANKS = (
    ("Huân chương", "state"), ("Huy chương", "state"), ("Danh hiệu vinh dự", "state"), ("Giải thưởng", "state"),
    ("toàn quốc", "government"), ("Kỷ niệm chương", "ministry"), ("Thủ đô", "province"), ("lao động xuất sắc", "province"),
    ("quyết thắng", "province"), ("văn hóa", "commune"), ("", "district"),
)  # fmt: skip
RANK_WEIGHTS = {"state": 0.3, "government": 0.5, "ministry": 0.7, "province": 3, "district": 9, "commune": 10}
# Counts of five years in a local unit: the most collectives and persons of one award.
RANK_COUNTS = {
    "state": (0, 2), "government": (1, 3), "ministry": (0, 14), "province": (6, 24), "district": (40, 190), "commune": (70, 420),
}  # fmt: skip
# A part of the name of an award that is rarer than its rank says.
RARE_AWARDS = ("Thủ đô", "Cờ thi đua", "toàn quốc")
RARE_COUNTS = (1, 1)
DECISION_SUFFIXES = {"state": "QĐ-CTN", "government": "QĐ-TTg", "ministry": "QĐ-BTĐKT"}
# Titles that only those who serve, or work, can hold: a part of the name -> occupations.
AWARD_OCCUPATIONS = (
    ("Chiến sĩ tiên tiến", (ARMED,)),
    ("Chiến sĩ thi đua", (*EMPLOYED, ARMED)),
    ("Lao động tiên tiến", EMPLOYED),
)
ARMED_COLLECTIVES = ("quyết thắng", "Đơn vị tiên tiến")
WORKING_COLLECTIVES = ("Tập thể lao động",)
# Titles that only a whole local unit can hold.
UNIT_COLLECTIVES = ("thị trấn tiêu biểu",)
HAMLET_COLLECTIVES = ("dân phố văn hóa", "thôn văn hóa")

# A part of the movement's name -> fields it suits (none: any), and deeds.
MOVEMENT_DEEDS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("nghèo", (CHARITY, PARTY, FAITH, TRADE), (
        "Vận động ủng hộ Quỹ “Vì người nghèo” {c} triệu đồng, giúp {b} hộ thoát nghèo bền vững.",
        "Nhận đỡ đầu {b} học sinh mồ côi đến hết lớp 12, trao {a} suất học bổng.",
        "Duy trì bếp cơm 0 đồng, mỗi tuần nấu {a} suất cho bệnh nhân nghèo.",
        "Góp công sửa {b} nhà đại đoàn kết, tặng {a} suất quà Tết cho hộ khó khăn.",
    )),
    ("thực phẩm", (FOOD, TRADE, HEALTH), (
        "Năm năm liền không để xảy ra ngộ độc thực phẩm; {p}% nguyên liệu có hóa đơn, nguồn gốc rõ ràng.",
        "Tuyên truyền, vận động {a} hộ kinh doanh ký cam kết an toàn thực phẩm, kiểm tra {d} lượt mỗi quý.",
        "Xây dựng {b} khu bán thức ăn đường phố có kiểm soát, {p}% người bán hàng được tập huấn.",
    )),
    ("văn minh đô thị", (ORDER, BUILDING, SECURITY, CULTURE), (
        "Vận động {a} hộ tự tháo dỡ mái che, bục bệ, trả lại vỉa hè cho người đi bộ.",
        "Xóa {b} điểm tập kết rác sai quy định, giữ sạch {d} {lane} suốt năm.",
        "Lắp {a} camera an ninh từ nguồn xã hội hóa, phạm pháp hình sự trên địa bàn giảm {d}%.",
        "Bóc gỡ, xóa hơn {a} biển quảng cáo, rao vặt trái phép mỗi tháng.",
    )),
    ("cải cách hành chính", (RULE, SCIENCE), (
        "Sáng kiến rút ngắn {d}% thời gian giải quyết thủ tục hộ tịch; tỷ lệ hài lòng đạt {p}%.",
        "Hướng dẫn {a} người dân mỗi tháng nộp hồ sơ trực tuyến; {p}% hồ sơ đúng và trước hạn.",
        "Số hóa {c} nghìn trang hồ sơ lưu trữ, tra cứu giảm từ {a} phút còn {b} phút.",
    )),
    ("văn hóa công sở", (RULE, SCHOOL, HEALTH, SECURITY), (
        "Thực hiện nghiêm hai Quy tắc ứng xử; năm năm không có đơn thư phản ánh, {p}% người dân hài lòng.",
        "Xây dựng “Nụ cười công sở”, tiếp {a} lượt người dân mỗi ngày đúng giờ, đúng hẹn.",
        "Có {b} sáng kiến cấp cơ sở được áp dụng; gương mẫu về văn hóa công sở, văn hóa nơi công cộng.",
    )),
    ("nông thôn mới", (PARTY, TRADE, CRAFT, BUILDING), (
        "Vận động {c} triệu đồng giúp xã kết nghĩa xây {b} km đường và nhà văn hóa thôn.",
        "Kết nối tiêu thụ {a} tấn nông sản cho các xã ngoại thành, mở {b} điểm bán hàng ổn định.",
        "Tặng {a} bộ máy tính, {c} đầu sách cho trường học ở xã xây dựng nông thôn mới.",
    )),
    ("doanh nghiệp", (TRADE, CRAFT, SCIENCE, CULTURE), (
        "Doanh thu tăng bình quân {d}% mỗi năm, nộp ngân sách vượt {d}% kế hoạch, giải quyết việc làm cho {a} lao động.",
        "Đưa sản phẩm thủ công ra {b} thị trường nước ngoài, thu nhập người lao động tăng {d}%.",
        "Có {b} cải tiến kỹ thuật, làm lợi {c} triệu đồng; bảo đảm đủ chế độ cho {a} lao động.",
    )),
    ("người tốt", (), (
        "Nhặt được {c} triệu đồng, tìm trả lại người mất; {b} lần được {unit} nêu gương.",
        "Hiến máu tình nguyện {d} lần, vận động {a} người cùng tham gia.",
        "Hòa giải thành {a} vụ việc trong {lane}, giúp {b} gia đình hàn gắn.",
        "Hằng ngày giúp đỡ {b} cụ già neo đơn; chăm sóc sức khỏe miễn phí cho {a} người.",
        "Cứu 2 người trong vụ cháy, báo tin giúp bắt {b} đối tượng trộm cắp.",
    )),
    ("", (), (
        "Năm năm liền hoàn thành xuất sắc nhiệm vụ, có {b} sáng kiến được công nhận ở cơ sở.",
        "Đi đầu trong học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh; vận động {a} người cùng tham gia.",
        "Vượt {d}% chỉ tiêu được giao, nhiều năm được bình bầu là gương tiêu biểu.",
        "Duy trì {b} mô hình tự quản, thu hút {a} người tham gia thường xuyên.",
    )),
)  # fmt: skip
# Of movements of enterprises: what someone does who owns none.
ENTERPRISE = "doanhnghiep"
WORKER_DEEDS = (
    "Có {b} sáng kiến cải tiến, làm lợi {c} triệu đồng; năng suất vượt {d}% định mức.",
    "Năm năm liền vượt {d}% kế hoạch, kèm nghề cho {b} thợ trẻ.",
    "Giữ kỷ luật lao động, phục vụ chu đáo, {p}% khách hàng hài lòng; được đơn vị biểu dương {b} lần.",
)
PUPIL_DEEDS = (
    "Học sinh giỏi nhiều năm liền; quyên góp {a} bộ sách giáo khoa tặng bạn nghèo.",
    "Đạt giải trong kỳ thi học sinh giỏi, điểm tổng kết {p}/100; nhặt được của rơi trả lại người mất {b} lần.",
    "Hiệp sĩ xanh của trường: vận động {a} bạn thu gom pin cũ, trồng {d} chậu cây.",
)
HOUSEHOLD_DEEDS = (
    "Gia đình ba thế hệ hòa thuận, con cháu chăm ngoan; ủng hộ các quỹ {c} triệu đồng trong năm năm.",
    "Gia đình {b} năm liền đạt Gia đình văn hóa, có 2 con cháu đỗ đại học, gương mẫu phân loại rác tại nhà.",
    "Gia đình hiến mặt bằng làm lối đi chung, giúp đỡ {b} hộ khó khăn trong ngõ.",
    "Gia đình kinh doanh giỏi, chấp hành tốt pháp luật, tạo việc làm cho {b} lao động.",
)
HOUSEHOLD_NAMES = {"male": "Gia đình ông {person}", "female": "Gia đình bà {person}"}

# ---------------------------------------------------------------- speeches

SPEAKER_NOTE = "Báo cáo tham luận"

# Field -> title, new model, area.
SPEECHES: dict[str, tuple[tuple[str, str, str], ...]] = {
    PARTY: (
        ("Chi bộ bốn tốt, khu dân cư bốn không", "“Năm phút mỗi tối”: đảng viên gọi điện nắm tình hình {a} hộ được phân công.", "Công tác"),
        ("Dân vận khéo ở {hamlet} có nhiều hộ kinh doanh", "“Sổ tay lời dân”: {a} kiến nghị ghi tại chỗ, trả lời trong {b} ngày.", "Công tác"),
        ("Phụ nữ giúp nhau phát triển kinh tế", "“Nuôi heo đất tình thương”: {c} triệu đồng cho {b} hội viên vay không lãi.", "Đời sống"),
    ),
    RULE: (
        ("Vì nhân dân phục vụ từ bộ phận một cửa", "“Thứ bảy không hẹn”: trả kết quả trong {b} giờ, {p}% người dân hài lòng.", "Công tác"),
        ("Chính quyền gần dân, sát dân", "“Trả hồ sơ tại nhà” cho {a} người cao tuổi, khuyết tật mỗi quý.", "Công tác"),
        ("Nâng chất lượng hòa giải ở cơ sở", "“Ấm trà hòa giải”: hòa giải thành {p}% vụ việc, giảm {d}% đơn thư.", "Công tác"),
    ),
    SECURITY: (
        ("Lực lượng vũ trang gần dân, hiểu dân", "“Nhóm tin an ninh số”: {a} tin báo có giá trị, án giảm {d}%.", "Công tác"),
        ("Thế trận lòng dân nơi đông dân cư", "“Camera liên gia”: {a} mắt camera do dân góp, bắt giữ {b} vụ trộm.", "Công tác"),
        ("Khu dân cư an toàn phòng cháy, chữa cháy", "“Tổ liên gia {b} chuông”: {a} hộ báo cháy chéo, dập tắt {b} vụ ban đầu.", "Đời sống"),
    ),
    SCHOOL: (
        ("Đổi mới dạy học, lấy học sinh làm trung tâm", "“Lớp học không tường”: {d} tiết học tại di tích, {p}% học sinh hứng thú.", "Công tác"),
        ("Trường học hạnh phúc", "“Hộp thư điều em muốn nói”: {a} ý kiến được trả lời, không còn học sinh bỏ học.", "Công tác"),
        ("Ứng dụng công nghệ trong bài giảng", "Kho {a} bài giảng số dùng chung, tiết kiệm {d}% thời gian soạn bài.", "Công tác"),
    ),
    HEALTH: (
        ("Chăm sóc sức khỏe người cao tuổi tại nhà", "“Bác sĩ của ngõ”: {a} người bệnh mạn tính được khám tại nhà mỗi tháng.", "Công tác"),
        ("Phòng dịch từ mỗi gia đình", "“Bản đồ {b} màu” theo dõi nguy cơ dịch bệnh, không để dịch lan trên {d} {road}.", "Công tác"),
        ("Y đức bắt đầu từ lời chào", "Đăng ký khám qua điện thoại, giảm {a} phút chờ, {p}% người bệnh hài lòng.", "Công tác"),
    ),
    CULTURE: (
        ("Giữ nếp thanh lịch, văn minh", "“Phố sách cuối tuần”: {a} buổi đọc sách, {c} bạn đọc nhỏ tuổi tham gia.", "Đời sống"),
        ("Phát triển du lịch gắn với di sản", "Tuyến đi bộ {b} điểm di tích có mã quét thuyết minh {b} thứ tiếng.", "Sản xuất"),
        ("Thể thao quần chúng nơi sân chơi nhỏ", "Biến {b} điểm rác thành sân tập, {a} người luyện tập hằng ngày.", "Đời sống"),
    ),
    TRADE: (
        ("Doanh nghiệp nhỏ, trách nhiệm lớn", "“Giờ vàng cho lao động nữ”: ca làm linh hoạt, năng suất tăng {d}%.", "Sản xuất"),
        ("Kinh doanh văn minh, giữ chữ tín", "“Quầy hàng nói không với nói thách”: {a} quầy niêm yết giá, khách tăng {d}%.", "Sản xuất"),
        ("Bán hàng thời số hóa", "Chợ truyền thống lên mạng: {a} tiểu thương giao hàng tận nhà, doanh thu tăng {d}%.", "Sản xuất"),
    ),
    CRAFT: (
        ("Giữ lửa nghề truyền thống", "Lớp truyền nghề miễn phí cho {a} bạn trẻ, {b} người đã mở xưởng riêng.", "Sản xuất"),
        ("Sáng kiến của người thợ", "Cải tiến {b} công đoạn, giảm {d}% hao hụt vật tư, làm lợi {c} triệu đồng.", "Sản xuất"),
        ("Đưa sản phẩm thủ công ra thế giới", "Mẫu mã mới kể chuyện nghề, bán sang {b} nước, thu nhập tăng {d}%.", "Sản xuất"),
    ),
    ORDER: (
        ("Trả lại vỉa hè cho người đi bộ", "“Vạch sơn tự quản”: {a} hộ ký cam kết, vi phạm giảm {d}%.", "Công tác"),
        ("{Road} kiểu mẫu từ ý thức người dân", "“Giờ thứ sáu sạch”: {p}% hộ ra quân, xóa {b} điểm đen về rác.", "Đời sống"),
        ("Tự quản trật tự ở {hamlet}", "“Tổ {b} người”: nhắc nhở trước, xử lý sau; {a} vụ việc giải quyết tại chỗ.", "Công tác"),
    ),
    FOOD: (
        ("Bữa ăn sạch từ bếp nhỏ", "“Sổ chợ minh bạch”: {p}% nguyên liệu truy được nguồn, khách xem tại quán.", "Sản xuất"),
        ("Giám sát thức ăn đường phố", "“Đội áo xanh” kiểm tra nhanh {a} mẫu mỗi tháng, mẫu không đạt giảm {d}%.", "Công tác"),
        ("Bếp ăn bán trú an toàn", "“Phụ huynh cùng nhận hàng”: {a} lượt giám sát, không có vụ ngộ độc nào.", "Công tác"),
    ),
    BUILDING: (
        ("Người giữ sạch đường lúc nửa đêm", "Thu gom theo khung giờ, giảm {d}% rác tồn và {b} điểm chờ xe.", "Sản xuất"),
        ("Phân loại rác tại nguồn", "“Đổi rác lấy cây”: {a} kg pin và giấy thu về mỗi tháng từ {a} hộ.", "Đời sống"),
        ("Quản lý xây dựng không để phát sinh vi phạm", "Bản đồ số {a} công trình, phát hiện vi phạm trong {b} giờ.", "Công tác"),
    ),
    CHARITY: (
        ("Không ai bị bỏ lại phía sau", "“Bếp yêu thương”: {a} suất ăn mỗi ngày cho người bệnh nghèo.", "Đời sống"),
        ("Ngân hàng máu sống của khu dân cư", "{a} người sẵn sàng hiến máu trong {b} giờ khi có yêu cầu.", "Đời sống"),
        ("Tủ quần áo 0 đồng", "Nhận và trao {c} bộ quần áo mỗi quý, {b} điểm trao cố định.", "Đời sống"),
    ),
    FAITH: (
        ("Sống tốt đời, đẹp đạo", "“Chùa tinh tấn, ngõ bình yên”: {a} tín đồ ký cam kết không đốt vàng mã tràn lan.", "Đời sống"),
        ("Xứ họ đạo bình yên", "“{b} không, {b} có” ở họ đạo; quỹ khuyến học giúp {a} cháu.", "Đời sống"),
    ),
    SCIENCE: (
        ("Phần mềm nhỏ, ích lợi lớn", "Ứng dụng phản ánh hiện trường: {a} tin mỗi tháng, xử lý trong {b} giờ.", "Sản xuất"),
        ("Sáng tạo trẻ vì cộng đồng", "Cảm biến báo cháy giá rẻ lắp cho {a} hộ trong ngõ sâu.", "Sản xuất"),
    ),
    OTHER: (
        ("Từ việc nhỏ đến phong trào lớn", "Mô hình tự quản {b} bước, {a} người tham gia thường xuyên.", "Đời sống"),
        ("Đổi mới cách làm, nâng hiệu quả", "Cải tiến {b} khâu, tiết kiệm {d}% thời gian và {c} triệu đồng.", "Công tác"),
    ),
}  # fmt: skip

# ---------------------------------------------------------------- programme

# A part of the item -> minutes, who does it; for an optional item, the part of the item after which it stands ("": first).
ITEMS: tuple[tuple[str, int, str, str | None], ...] = (
    ("thiếu nhi", 5, "Học sinh {primary}", ""),
    ("văn nghệ", 15, "Đội văn nghệ {unit}", ""),
    ("trao tặng", 20, "Lãnh đạo {unit}", "Biểu dương"),
    ("giao lưu", 20, "Người dẫn chương trình và các điển hình tiên tiến", "tham luận"),
    ("tham luận", 0, "Các tập thể, cá nhân điển hình tiên tiến", None),
    ("chào cờ", 5, "Ban Tổ chức", None),
    ("giới thiệu", 10, "Ban Tổ chức", None),
    ("khai mạc", 10, "Chủ tịch {office}", None),
    ("bế mạc", 5, "Chủ tịch {office}", None),
    ("báo cáo", 20, "Phó Chủ tịch {office}", None),
    ("biểu dương", 25, "Hội đồng Thi đua - Khen thưởng {unit}", None),
    ("phát động", 10, "Chủ tịch {office}", None),
    ("phát biểu", 15, "Lãnh đạo {upper_office}", None),
    ("danh sách", 10, "Chủ tịch Ủy ban MTTQ Việt Nam {unit}", None),
    ("", 10, "Ban Tổ chức", None),
)

# ---------------------------------------------------------------- the report

# A part of the section's words -> topic; the first that fits counts.
TOPICS = (
    ("giải pháp", "solutions"), ("hạn chế", "shortcomings"), ("mục tiêu chung", "goals"), ("nội dung chủ yếu", "tasks"),
    ("lãnh đạo", "leadership"), ("hình thức khen thưởng", "awards"), ("phương hướng", "goals"), ("", "results"),
)  # fmt: skip

# Topic -> opening sentences (one is taken) and further ones (two to five are taken, in their order).
SENTENCES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "results": (
        (
            "Trong 05 năm ({period}), {unit} đã phát động {d} đợt thi đua, thu hút {p}% cán bộ, đoàn viên, hội viên và nhân dân ở {parts} tham gia.",
            "Giai đoạn {period}, phong trào thi đua yêu nước của {unit} được triển khai đồng bộ đến {parts} với {households} hộ dân, bám sát nhiệm vụ chính trị hằng năm.",
            "Từ năm {first_year} đến nay, {unit} tổ chức {d} phong trào thi đua thường xuyên và theo chuyên đề; {p}% chỉ tiêu đăng ký thi đua hoàn thành và hoàn thành vượt mức.",
        ),
        (
            "Phong trào “{movement}” được cụ thể hóa thành {b} nội dung, {a} chỉ tiêu, giao đến từng {part}.",
            "Nổi bật là phong trào “{other_movement}”, đã xuất hiện {a} điển hình được bình chọn từ cơ sở.",
            "Kinh tế trên địa bàn {unit} giữ mức tăng trưởng khá; thu ngân sách năm {last_year} đạt {over}% dự toán, toàn địa bàn có {firms} doanh nghiệp và hộ kinh doanh.",
            "Số hộ nghèo giảm từ {poor} hộ năm {first_year} xuống còn {poor_left} hộ năm {last_year}; Quỹ “Vì người nghèo” vận động được {fund} triệu đồng.",
            "Trật tự đô thị chuyển biến rõ nét: giải tỏa {a} điểm lấn chiếm, giữ ổn định {b} {road} văn minh, xóa {b} chân rác.",
            "{p}% hộ gia đình được công nhận Gia đình văn hóa; 05 năm liền không có vụ ngộ độc thực phẩm nào.",
            "Phong trào Toàn dân bảo vệ an ninh Tổ quốc được duy trì ở {parts}; phạm pháp hình sự năm {last_year} giảm {d}% so với năm trước, tuyển quân đạt 100% chỉ tiêu.",
            "Tỷ lệ hồ sơ hành chính giải quyết đúng và trước hạn đạt {p}%, hồ sơ trực tuyến tăng {d}% mỗi năm.",
            "Các phong trào đã tác động trực tiếp đến nhiệm vụ kinh tế - xã hội: {b} chỉ tiêu chủ yếu về đích sớm, đời sống của {people} người dân được nâng lên.",
        ),
    ),
    "awards": (
        (
            "Trong 05 năm, {unit} có {award_collectives} lượt tập thể và {award_persons} lượt cá nhân được khen thưởng các cấp.",
            "Giai đoạn {period}, tổng số hình thức khen thưởng của {unit} là {award_total}, gồm {award_collectives} tập thể và {award_persons} cá nhân.",
        ),
        (
            "Trong số cá nhân được khen có {award_direct} người trực tiếp lao động, sản xuất, công tác, chiến đấu, đạt {award_direct_share}%.",
            "Khen thưởng cấp {upper_noun} trở lên chiếm {d}% tổng số; chất lượng thành tích được bình xét công khai từ {part} trở lên.",
            "Khen đột xuất, khen chuyên đề được chú trọng với {a} trường hợp, kịp thời động viên người dũng cảm cứu người, bắt trộm, nhặt được của rơi trả lại.",
            "Hội đồng Thi đua - Khen thưởng {unit} họp {d} phiên, trả lại {b} hồ sơ chưa đủ tiêu chuẩn, không có đơn thư khiếu nại về khen thưởng.",
            "Hồ sơ, thủ tục thực hiện đúng Luật Thi đua, khen thưởng; thời gian thẩm định rút từ {a} ngày còn {b} ngày.",
            "Tiền thưởng chi đúng quy định, tổng kinh phí {fund} triệu đồng từ Quỹ thi đua, khen thưởng.",
            "Số công nhân, người bán hàng, người lao động tự do được khen tăng {d}% so với giai đoạn trước.",
        ),
    ),
    "leadership": (
        (
            "{Party} ban hành {b} nghị quyết, chỉ thị chuyên đề và {office} ban hành {a} kế hoạch về thi đua, khen thưởng.",
            "Công tác thi đua, khen thưởng của {unit} đặt dưới sự lãnh đạo trực tiếp của {party}, với {b} văn bản chỉ đạo mỗi năm.",
        ),
        (
            "Hội đồng Thi đua - Khen thưởng {unit} được kiện toàn {b} lần, phân công thành viên theo dõi {parts}.",
            "Nội dung thi đua đổi mới theo hướng mỗi {part} chọn một việc khó, mỗi đảng viên nhận một việc cụ thể; đã có {a} việc hoàn thành.",
            "Ủy ban MTTQ và các đoàn thể ký giao ước thi đua hằng năm, kiểm tra chéo {b} cụm, chấm điểm công khai vào tháng {month}.",
            "Công tác tuyên truyền có {c} tin, bài trên hệ thống truyền thanh và trang thông tin, {a} gương được viết bài giới thiệu.",
            "Bồi dưỡng nghiệp vụ cho {a} lượt cán bộ làm công tác thi đua; việc phát hiện điển hình được giao chỉ tiêu đến từng chi bộ.",
            "{unit_start} duy trì sơ kết 6 tháng, tổng kết năm, mỗi năm giới thiệu từ {b} đến {a} điển hình lên cấp trên.",
        ),
    ),
    "shortcomings": (
        (
            "Bên cạnh kết quả đạt được, phong trào thi đua của {unit} còn chưa đều: {few} trong {parts} triển khai chậm so với kế hoạch.",
            "Qua tự kiểm điểm, {unit} nhận thấy còn {b} hạn chế chủ yếu trong 05 năm qua.",
        ),
        (
            "Việc phát hiện, bồi dưỡng điển hình mới có lúc chưa kịp thời; tỷ lệ người lao động trực tiếp được đề nghị khen mới đạt {award_direct_share}%.",
            "Một số phong trào còn dàn trải, nội dung chưa sát đặc thù địa bàn có {firms} doanh nghiệp, hộ kinh doanh.",
            "Lấn chiếm vỉa hè vào giờ cao điểm còn tái diễn ở {b} {road}; {d}% vi phạm là tái phạm.",
            "Nguyên nhân chủ quan là cán bộ theo dõi thi đua kiêm nhiệm, {b} người thay đổi vị trí trong nhiệm kỳ, kỹ năng viết báo cáo thành tích còn hạn chế.",
            "Nguyên nhân khách quan là mật độ dân cư cao, khách vãng lai đông, kinh phí khen thưởng bình quân chỉ {c} triệu đồng mỗi năm.",
            "Bài học rút ra: cấp ủy phải trực tiếp chỉ đạo, chọn đúng việc dân cần, khen đúng người, đúng lúc; {p}% ý kiến góp ý của nhân dân đồng tình.",
            "Bài học thứ hai là gắn thi đua với trách nhiệm người đứng đầu ở {parts}, kiểm tra thường xuyên, không chạy theo số lượng.",
        ),
    ),
    "goals": (
        (
            "Giai đoạn {next_period}, {unit} tiếp tục đổi mới phong trào thi đua theo hướng thiết thực, phấn đấu {p}% chỉ tiêu kinh tế - xã hội hằng năm hoàn thành và vượt.",
            "Phương hướng chung của {unit} trong 05 năm {next_period} là thi đua gắn với xây dựng địa bàn văn minh, an toàn, nghĩa tình, hướng về {parts} và {households} hộ dân.",
        ),
        (
            "Phấn đấu mỗi năm có thêm ít nhất {b} mô hình mới, {a} gương người tốt, việc tốt được công nhận.",
            "Tỷ lệ người trực tiếp lao động trong tổng số cá nhân được khen đạt từ {share}% trở lên.",
            "Mục tiêu đến năm {next_year}: {p}% hộ đạt Gia đình văn hóa, {p}% {part} đạt danh hiệu văn hóa.",
            "100% cán bộ, công chức, viên chức đăng ký thi đua; {p}% hoàn thành tốt nhiệm vụ trở lên.",
            "Không còn hộ nghèo vào năm {next_year}, giúp {poor_left} hộ hiện có thoát nghèo bền vững bằng việc làm.",
            "{unit_start} phấn đấu ít nhất 2 năm trong giai đoạn dẫn đầu cụm thi đua, giữ vững {p}% danh hiệu đã đạt.",
        ),
    ),
    "tasks": (
        (
            "{unit_start} tập trung {b} nội dung trọng tâm, phân công rõ người, rõ việc, rõ thời hạn đến {parts}.",
            "Trong 05 năm {next_period}, {unit} đẩy mạnh {b} phong trào thi đua, ưu tiên phong trào “{movement}”.",
        ),
        (
            "Tiếp tục phong trào “{other_movement}” với mục tiêu tăng {d}% số người tham gia mỗi năm.",
            "Tăng thu ngân sách từ {d}% mỗi năm, hỗ trợ {a} hộ kinh doanh chuyển đổi thành doanh nghiệp.",
            "Nâng tỷ lệ hồ sơ trực tuyến lên {p}%, rút ngắn {d}% thời gian giải quyết thủ tục hành chính.",
            "Cải tạo {b} ngõ, {b} sân chơi; lắp thêm {a} camera an ninh từ nguồn xã hội hóa.",
            "Giữ vững an ninh chính trị, giảm phạm pháp hình sự {d}%, hoàn thành 100% chỉ tiêu tuyển quân, huấn luyện {a} dân quân mỗi năm.",
            "Kiểm tra {firms} cơ sở sản xuất, kinh doanh về an toàn thực phẩm và phòng cháy, bảo đảm {p}% đạt yêu cầu.",
            "Chăm lo {a} gia đình chính sách, phụng dưỡng, thăm hỏi định kỳ {b} lần mỗi năm.",
        ),
    ),
    "solutions": (
        (
            "Để thực hiện mục tiêu, {unit} xác định {b} nhóm giải pháp, trước hết là vai trò nêu gương của người đứng đầu ở {parts}.",
            "{Party} lãnh đạo, {office} tổ chức thực hiện {b} giải pháp chủ yếu sau đây.",
        ),
        (
            "Đổi mới bình xét: đưa {d} tiêu chí định lượng vào chấm điểm, công khai kết quả tại {part}.",
            "Tập huấn nghiệp vụ mỗi năm {b} lớp cho {a} cán bộ làm công tác thi đua, khen thưởng.",
            "Lập sổ theo dõi điển hình, mỗi quý giới thiệu {b} gương trên truyền thanh và mạng xã hội của {unit}.",
            "Ưu tiên khen người trực tiếp lao động, phấn đấu không dưới {share}% tổng số khen cá nhân.",
            "Bố trí kinh phí {fund} triệu đồng và vận động xã hội hóa, sử dụng tiết kiệm, đúng quy định.",
            "Kiểm tra chéo giữa các cụm {b} lần mỗi năm, xử lý nghiêm việc chạy theo thành tích.",
            "Phát huy vai trò giám sát của Mặt trận và nhân dân; tiếp thu, trả lời {p}% kiến nghị trong {b} ngày.",
        ),
    ),
}

# ---------------------------------------------------------------- names of sent files

# {ascii}: "Phuong Hang Bac"; {title}: "phường Hàng Bạc"; {stem}: as we named the workbook.
TELLING_NAMES = ("Bieu mau {ascii} nop lai.xlsx", "Biểu mẫu ĐHTT {title}.xlsx", "{stem} (1).xlsx")
SILENT_NAMES = ("BC hoi nghi dien hinh tien tien.xlsx", "Danh sách đại biểu - bản cuối.xlsx")
SECOND_NAME = "{stem} (sửa lần 2).xlsx"
EARLIER_NAME = "{stem} (gửi lần đầu).xlsx"
USELESS_NAME = "{stem} ({code}).xlsx"
RENAMED_HEADING = "Họ tên đại biểu"
UNKNOWN_FIELD = "Phòng GD"

# Where the tone stands in the newer spelling -> in the older one, at the end of a word.
TONE_PLACES = {
    "òa": "oà", "óa": "oá", "ỏa": "oả", "õa": "oã", "ọa": "oạ", "òe": "oè", "óe": "oé", "ỏe": "oẻ", "õe": "oẽ", "ọe": "oẹ",
    "ùy": "uỳ", "úy": "uý", "ủy": "uỷ", "ũy": "uỹ", "ụy": "uỵ",
}  # fmt: skip

# ---------------------------------------------------------------- what is special in a sent file

TELLING_NOTE = "Tên tệp do đơn vị tự đặt; đơn vị được nhận ra từ nội dung."
SILENT_NOTE = "Tên tệp không cho biết đơn vị; đơn vị được nhận ra từ nội dung."
GAPS_NOTE = (
    "Gửi lần 1: thiếu năm sinh ở Đại biểu!{cells}, thiếu Báo cáo!{section}, tổng số đại biểu khai thừa 2; lần 2 đã sửa."
)
SECOND_NOTE = "Gửi lần 2, đã sửa hết lỗi: tệp này được dùng."
PASTED_NOTE = (
    "Dán giá trị sai: Đại biểu!{field} ghi “{value}” không có trong danh mục, Đại biểu!{year} là năm sinh năm chữ số."
)
TEXTS_NOTE = "Ngày gõ dạng chữ: ngày tổ chức “{day}”, năm sinh ở sheet Đại biểu cũng là chữ, có dòng ghi cả ngày tháng; vẫn đọc được."
SHARES_NOTE = "Cơ cấu đại biểu lệch: {exemplars} điển hình, {guests} khách mời; chỉ lệch tỷ lệ, không sai chỗ khác."
HEADING_NOTE = "Đổi tên cột: Đại biểu!{cell} là “{heading}”; vẫn nhận ra được."
KNOWN_NOTE = "{cell} và {again} của {other} là cùng một người, tên viết khác kiểu."
