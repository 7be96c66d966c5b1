/// Lines of a table whose columns are as wide as their widest cell.
enum Columns {
    static func lines(_ rows: [[String]], gap: Int = 2, indent: String = "") -> [String] {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column < widths.count { widths[column] = max(widths[column], cell.count) } else { widths.append(cell.count) }
            }
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count + gap)
            }
            let line = indent + cells.joined()
            return String(line.reversed().drop(while: { $0 == " " }).reversed())
        }
    }
}
