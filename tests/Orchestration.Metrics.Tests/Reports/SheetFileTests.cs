using System.Text;
using Orchestration.Metrics.Reports.Sheets;

namespace Orchestration.Metrics.Tests.Reports;

public sealed class SheetFileTests
{
    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    [InlineData("\n=1")]
    [InlineData("＝1+1")]
    [InlineData("＋1")]
    [InlineData("－1")]
    [InlineData("＠SUM(A1)")]
    public void Text_that_a_spreadsheet_would_run_stands_behind_an_apostrophe(string text) => Csv(text).ShouldContain("'" + text);

    [Fact]
    public void Amounts_are_numbers_with_all_their_digits_and_no_others() =>
        Csv(-0.000000000000001m, 1234567890123.100000000000000m, -5L, null).ShouldEndWith("-0.000000000000001,1234567890123.1,-5,\r\n");

    private static string Csv(params object?[] cells) =>
        Encoding.UTF8.GetString(SheetFile.Write(new Sheet("sheet", [.. cells.Select((_, index) => $"c{index}")], [cells]), SheetFile.Csv).Content.Span);
}
