using System.Globalization;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Orchestration.Indexing.Extraction;

/// <summary>Which styles of a workbook show a number as a date: Excel stores dates as days since 1900.</summary>
internal sealed class CellFormats
{
    private readonly List<bool> _isDate = [];

    public CellFormats(Stylesheet? styles)
    {
        var own = styles?.NumberingFormats?.Elements<NumberingFormat>()
            .Where(format => format.NumberFormatId?.Value is not null)
            .GroupBy(format => format.NumberFormatId!.Value)
            .ToDictionary(format => format.Key, format => format.First().FormatCode?.Value ?? "") ?? [];
        foreach (var format in styles?.CellFormats?.Elements<CellFormat>() ?? [])
        {
            var id = format.NumberFormatId?.Value ?? 0;
            _isDate.Add(own.TryGetValue(id, out var code) ? IsDate(code) : id is (>= 14 and <= 22) or (>= 27 and <= 36) or (>= 45 and <= 47) or (>= 50 and <= 58));
        }
    }

    public string Show(string value, uint? style)
    {
        if (style is not { } place || place >= _isDate.Count || !_isDate[(int)place]
            || !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var days) || days is < 0 or > 2_958_465)
            return value;
        var date = DateTime.FromOADate(days);
        var form = days < 1 ? "HH:mm:ss" : date.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm";
        return date.ToString(form, CultureInfo.InvariantCulture);
    }

    private static bool IsDate(string code)
    {
        var (quoted, bracketed) = (false, false);
        foreach (var character in code)
        {
            quoted ^= character == '"';
            bracketed = character == '[' || (bracketed && character != ']');
            if (!quoted && !bracketed && "yYdDhH".Contains(character, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
