"""What units are asked: the form's tables and their columns. Data only; README tells how to add a column.

A table is a block: its key, sheet, title and layout, then its columns. A column stands in two lines: the facts, then
the words that people read.

Words of the plan stand in braces, and `form_of` puts them in: {plan.…} as rules have it, {local} and {upper} for what
the plan calls its levels, {offer[genders]} for the values of a short code list, {forms[combined]} for the value of a
list that has this key, {none} for the one value of the column's list that the plan does not count (in a plan without
such a value the hint is `PICK`), and days that may stand for an example.
"""

from __future__ import annotations

from dataclasses import replace

from dhtt_excel.form.table import Column, Kind, Layout, Table

FIXED, ORDER, TEXT, CHOICE, YEAR, DATE, TIME, COUNT, MARK, STATUS = Kind
YES, NO = True, False

PICK = "Chọn trong danh mục."
_DAY = "Ghi ngày, tháng, năm theo thứ tự ấy, ví dụ {conference_day:%d/%m/%Y}."
_HOUR = "Ghi giờ:phút, ví dụ {}, {} hoặc {}."

# fmt: off
# Columns of several sheets
_STATUS        = Column("status",            "Tình trạng",                    STATUS, 34, NO,  since=2)
_ORDER         = Column("order",             "STT",                           ORDER,   5, NO,
                        aliases=("TT", "Số TT", "Số thứ tự"))
_ORGANISATION  = Column("organisation",      "Đơn vị",                        TEXT,   18, YES,
                        hint="Cơ quan, nơi công tác hoặc khu dân cư.",
                        aliases=("Đơn vị công tác", "Nơi công tác", "Cơ quan, đơn vị"))
_FIELD         = Column("field",             "Lĩnh vực",                      CHOICE, 16, YES, "fields",
                        hint=PICK)
_DIRECT_WORKER = Column("direct_worker",     "Trực tiếp lao động (x)",        MARK,    8, NO,
                        hint="Đánh x nếu là người trực tiếp lao động, công tác.",
                        aliases=("Trực tiếp LĐ", "Lao động trực tiếp"))
_NOTE          = Column("note",              "Ghi chú",                       TEXT,   12, NO)

#          key                  heading                          kind   width need code list, condition, personal, since
#          hint, other headings that are read as this one; seldom: rule for blanks, span

_INFO = Table("info", "Thông tin", "THÔNG TIN HỘI NGHỊ", Layout.FIELDS, columns=(
    Column("unit_name",         "{Local}",                       FIXED,  48, NO,
           aliases=("{upper}", "Đơn vị", "Tên đơn vị")),
    Column("form",              "Hình thức tổ chức",             CHOICE, 48, YES, "forms",
           hint="Chọn {forms[separate]} hoặc {forms[combined]}.", blank_rule="TT01"),
    Column("event",             "Sự kiện lồng ghép",             TEXT,   48, YES, when=("form", ("combined",)),
           hint="Ghi tên sự kiện nếu hình thức là {forms[combined]}.", blank_rule="TT01"),
    Column("name",              "Tên hội nghị",                  TEXT,   48, YES,
           hint="Tên ghi trong kế hoạch; sửa nếu lồng ghép."),
    Column("date",              "Ngày tổ chức",                  DATE,   48, YES,
           hint=_DAY),
    Column("session",           "Buổi",                          CHOICE, 48, YES, "sessions",
           hint="Hội nghị trong nửa ngày: {offer[sessions]}."),
    Column("start",             "Giờ bắt đầu",                   TIME,   48, YES,
           hint=_HOUR.format("8:30", "8h30", "8h")),
    Column("end",               "Giờ kết thúc",                  TIME,   48, YES,
           hint=_HOUR.format("11:30", "11h30", "11h")),
    Column("venue",             "Địa điểm",                      TEXT,   48, YES,
           hint="Nơi họp và địa chỉ."),
    Column("declared_total",    "Tổng số đại biểu",              COUNT,  48, YES,
           hint="Đúng bằng số người trong trang tính Đại biểu."),
    Column("decision",          "Số, ngày kế hoạch của {local}", TEXT,   48, NO,
           upper_heading="Số, ngày kế hoạch của {upper}",
           hint="Ví dụ: 12/KH-UBND ngày {plan_day:%d/%m/%Y}.", aliases=("Số, ngày kế hoạch",), blank_rule="TT07"),
    Column("reported",          "Ngày báo cáo kết quả",          DATE,   48, NO,
           hint=_DAY),
    Column("compiler",          "Người lập biểu",                TEXT,   48, YES, personal=True,
           hint="Họ và tên."),
    Column("compiler_position", "Chức vụ",                       TEXT,   48, YES,
           hint="Chức vụ của người lập biểu."),
    Column("contact",           "Liên hệ",                       TEXT,   48, YES, personal=True,
           hint="Điện thoại cơ quan hoặc thư điện tử."),
))

_DELEGATES = Table("delegates", "Đại biểu", "DANH SÁCH ĐẠI BIỂU DỰ HỘI NGHỊ", Layout.LIST,
                   heading_row=6, capacity=300, aliases=("Danh sách đại biểu",), columns=(
    _STATUS,
    _ORDER,
    Column("name",              "Họ và tên",                     TEXT,   22, YES, personal=True,
           hint="Mỗi người một dòng.", aliases=("Họ tên", "Họ tên đại biểu", "Họ và tên đại biểu", "Tên đại biểu")),
    Column("gender",            "Giới tính",                     CHOICE,  8, YES, "genders",
           hint="{offer[genders]}.", aliases=("Giới", "Nam/Nữ")),
    Column("birth_year",        "Năm sinh",                      YEAR,    9, YES, when=("category", ("exemplar",)), only=True,
           hint="Bốn chữ số, ví dụ 1975.", aliases=("Ngày sinh", "NS")),
    Column("ethnicity",         "Dân tộc",                       CHOICE,  9, YES, "ethnicities", when=("category", ("exemplar",)), only=True,
           hint=PICK),
    Column("religion",          "Tôn giáo",                      CHOICE, 10, YES, "religions", when=("category", ("exemplar",)), only=True,
           hint="Không theo tôn giáo thì chọn {none}."),
    Column("position",          "Chức vụ, nghề nghiệp",          TEXT,   16, NO,
           hint="Ví dụ: Giáo viên, chủ hộ kinh doanh.", aliases=("Chức vụ", "Nghề nghiệp")),
    _ORGANISATION,
    Column("category",          "Thành phần",                    CHOICE, 18, YES, "categories",
           hint="Điển hình tiên tiến ({plan.shares.exemplars}%) hoặc khách mời, lãnh đạo ({plan.shares.guests}%).",
           aliases=("Thành phần đại biểu",)),
    Column("collective",        "Tập thể đại diện",              TEXT,   15, YES, when=("category", ("collective",)),
           hint="Tên tập thể, nếu thành phần là {categories[collective]}."),
    Column("occupation",        "Đối tượng",                     CHOICE, 17, YES, "occupations", when=("category", ("exemplar",)), only=True,
           hint=PICK),
    replace(_DIRECT_WORKER, when=("category", ("exemplar",)), only=True),
    replace(_FIELD, when=("category", ("exemplar",)), only=True),
    Column("sector",            "Thành phần kinh tế",            CHOICE, 14, YES, "sectors", when=("category", ("exemplar",)), only=True,
           hint="Cơ quan, người hưu trí… thì chọn {none}."),
    Column("nominated",         "Dự hội nghị {upper} (x)",       MARK,    8, NO,
           upper_heading="Dự Đại hội {plan.levels.above} (x)", upper_hint="Đánh x nếu được cử dự Đại hội Thi đua yêu nước {plan.levels.above}.",
           hint="Đánh x nếu được cử dự hội nghị {upper}.", aliases=("Dự hội nghị cấp {upper}", "Dự HN {upper}")),
    _NOTE,
))

_SPEAKERS = Table("speakers", "Tham luận", "DANH SÁCH BÁO CÁO THAM LUẬN", Layout.LIST,
                  heading_row=6, capacity=50, aliases=("Báo cáo tham luận",), columns=(
    _STATUS,
    _ORDER,
    Column("kind",              "Loại",                          CHOICE, 11, YES, "speech_kinds",
           hint="{offer[speech_kinds]}."),
    Column("name",              "Tên cá nhân, tập thể",          TEXT,   24, YES, personal=True,
           hint="Có trong trang tính Đại biểu hoặc Biểu dương."),
    Column("presenter",         "Người trình bày",               TEXT,   20, YES, personal=True,
           hint="Người đọc tham luận."),
    _ORGANISATION,
    Column("title",             "Tên tham luận",                 TEXT,   28, YES,
           hint="Tên đầy đủ.", aliases=("Tên bài tham luận",)),
    Column("area",              "Mảng",                          CHOICE, 10, YES, "areas",
           hint="{offer[areas]}."),
    _FIELD,
    Column("model",             "Mô hình mới, sáng tạo",         TEXT,   28, YES,
           hint="Một, hai câu: mới ở đâu, được gì."),
    Column("minutes",           "Thời lượng (phút)",             COUNT,   9, YES,
           hint="Số phút, ví dụ 8."),
    Column("illustration",      "Minh họa",                      CHOICE, 11, NO,  "illustrations",
           hint="{offer[illustrations]}."),
    _NOTE,
))

_HONOUREES = Table("honourees", "Biểu dương", "DANH SÁCH BIỂU DƯƠNG, TÔN VINH", Layout.LIST,
                   heading_row=6, capacity=300, columns=(
    _STATUS,
    _ORDER,
    Column("kind",              "Loại",                          CHOICE, 11, YES, "honouree_kinds",
           hint="{offer[honouree_kinds]}."),
    Column("name",              "Tên",                           TEXT,   24, YES, personal=True,
           hint="Tên cá nhân, tập thể hoặc chủ hộ.",
           aliases=("Họ và tên", "Tên cá nhân, tập thể", "Tên cá nhân, tập thể, hộ gia đình")),
    Column("gender",            "Giới tính",                     CHOICE,  8, YES, "genders", when=("kind", ("person",)),
           hint="Chỉ với cá nhân.", aliases=("Giới", "Nam/Nữ")),
    Column("birth_year",        "Năm sinh",                      YEAR,    8, YES, when=("kind", ("person",)),
           hint="Bốn chữ số, ví dụ 1975.", aliases=("Ngày sinh", "NS")),
    _ORGANISATION,
    Column("award",             "Danh hiệu, hình thức khen",     CHOICE, 20, YES, "awards",
           hint=PICK, aliases=("Danh hiệu", "Hình thức khen", "Hình thức khen thưởng")),
    Column("award_level",       "Cấp khen",                      CHOICE, 11, NO,  "award_levels",
           hint="Cấp ra quyết định."),
    Column("decision",          "Số, ngày quyết định",           TEXT,   16, NO,
           hint="Ví dụ: 123/QĐ-UBND ngày {award_day:%d/%m/%Y}."),
    Column("movement",          "Phong trào thi đua",            CHOICE, 22, YES, "movements",
           hint=PICK, aliases=("Phong trào",)),
    _FIELD,
    _DIRECT_WORKER,
    Column("achievement",       "Thành tích tiêu biểu",          TEXT,   28, YES,
           hint="Một, hai câu.", aliases=("Thành tích",)),
    _NOTE,
))

_PROGRAMME = Table("programme", "Chương trình", "CHƯƠNG TRÌNH HỘI NGHỊ", Layout.LINES, columns=(
    _ORDER,
    Column("item",              "Nội dung",                      FIXED,  62, NO),
    Column("requirement",       "Yêu cầu",                       FIXED,  11, NO),
    Column("held",              "Có (x)",                        MARK,    8, YES,
           hint="Đánh x nếu chương trình có mục này.", blank_rule="CT01"),
    Column("start",             "Bắt đầu",                       TIME,    9, NO,
           hint=_HOUR.format("8:00", "8h00", "8h")),
    Column("end",               "Kết thúc",                      TIME,    9, NO,
           hint=_HOUR.format("8:10", "8h10", "9h")),
    Column("performer",         "Người thực hiện",               TEXT,   26, NO,
           hint="Người hoặc bộ phận thực hiện."),
    _NOTE,
))

_REPORT = Table("report", "Báo cáo", "BÁO CÁO TỔNG KẾT THEO ĐỀ CƯƠNG", Layout.LINES,
                heading_row=6, rows_a_line=5, columns=(
    Column("section",           "Mục",                           FIXED,   6, NO),
    Column("requirement",       "Yêu cầu",                       FIXED,  46, NO, place=3, span=5),
    Column("content",           "Nội dung báo cáo",              TEXT,   72, YES, place=2,
           hint="Mỗi đoạn một ô, viết tiếp ở ô dưới. Đoạn rất dài thì chia hai: một dòng Excel không in được quá nửa trang.",
           blank_rule="BC01"),
))

_AWARDS = Table("awards", "Báo cáo", "KẾT QUẢ KHEN THƯỞNG {plan.period}", Layout.LINES, columns=(
    _ORDER,
    Column("award",             "Danh hiệu, hình thức khen thưởng", FIXED, 72, NO,
           aliases=("Hình thức khen thưởng",)),
    Column("collectives",       "Tập thể",                       COUNT,   8, NO,
           hint="Số tập thể được khen trong năm năm; không có thì để trống."),
    Column("households",        "Hộ gia đình",                   COUNT,   8, NO, since=2,
           hint="Số hộ gia đình được khen trong năm năm; không có thì để trống."),
    Column("persons",           "Cá nhân",                       COUNT,   8, NO,
           hint="Số cá nhân được khen trong năm năm; không có thì để trống."),
    Column("direct_workers",    "Trong đó: trực tiếp lao động",  COUNT,   9, NO,
           hint="Trong số cá nhân: bao nhiêu người trực tiếp lao động. Không lớn hơn số ở cột Cá nhân."),
    Column("specified",         "Ghi rõ",                        TEXT,   13, NO, since=2,
           hint="Nếu có số ở dòng Khác: ghi rõ là danh hiệu, hình thức nào."),
))


TABLES = (_INFO, _DELEGATES, _SPEAKERS, _HONOUREES, _PROGRAMME, _REPORT, _AWARDS)
