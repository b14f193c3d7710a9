using System.Text.RegularExpressions;

namespace Orchestration.Architecture.Tests;

/// <summary>Money is counted with decimals. Nothing that speaks of it may pass through a binary fraction.</summary>
public sealed partial class MoneyTests
{
    private static readonly string[] Services = ["src/Orchestration.Metrics", "src/Orchestration.Gateway", "src/Orchestration.Providers", "src/Orchestration.Routing"];

    [Fact]
    public void The_money_assembly_knows_no_floating_point() =>
        SourceTree.Files("*.cs", "src/Orchestration.Pricing").Where(file => FloatingPoint().IsMatch(SourceTree.Read(file))).ShouldBeEmpty();

    [Fact]
    public void No_file_about_money_mentions_floating_point() =>
        SourceTree.Files("*.cs", [.. Services, "src/Orchestration.Contracts"])
            .Where(file => MoneyFile().IsMatch(file) && !file.Contains("/Migrations/", StringComparison.Ordinal))
            .Where(file => FloatingPoint().IsMatch(SourceTree.Read(file)))
            .ShouldBeEmpty();

    [Fact]
    public void No_member_that_speaks_of_money_is_floating_point() =>
        SourceTree.Files("*.cs", [.. Services, "src/Orchestration.Contracts"]).SelectMany(Offences).ShouldBeEmpty();

    [Fact]
    public void No_column_of_money_is_floating_point() =>
        SourceTree.Files("*.cs", Services)
            .Where(file => file.Contains("/Migrations/", StringComparison.Ordinal))
            .SelectMany(file => MoneyColumn().Matches(SourceTree.Read(file)).Select(match => $"{file}: {match.Value}"))
            .ShouldBeEmpty();

    [Fact]
    public void No_money_of_the_contract_is_floating_point() =>
        SourceTree.Files("*.proto", "src/Orchestration.Contracts")
            .SelectMany(file => MoneyField().Matches(SourceTree.Read(file)).Select(match => $"{file}: {match.Value}"))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("public double Cost { get; init; }")]
    [InlineData("private static decimal Price(float rate) => 0m;")]
    [InlineData("var billed = (double)row.Amount;")]
    [InlineData("var spent = Convert.ToDouble(value);")]
    [InlineData("totalCost += reader.GetDouble(3);")]
    [InlineData("double unitPrice = 1;")]
    [InlineData("var amount = Math.Round(1.5 * tokens);")]
    public void The_search_finds_what_it_must(string line) => IsOffence(line).ShouldBeTrue();

    [Theory]
    [InlineData("public decimal Cost { get; init; }")]
    [InlineData("public double DurationMs { get; init; }")]
    [InlineData("// a cost is never a double")]
    [InlineData("var rounded = decimal.Round(cost, 15, MidpointRounding.ToPositiveInfinity);")]
    public void The_search_leaves_alone_what_it_may(string line) => IsOffence(line).ShouldBeFalse();

    private static IEnumerable<string> Offences(string file) =>
        SourceTree.Read(file).Split('\n').Select((line, index) => (line, index)).Where(l => IsOffence(l.line)).Select(l => $"{file}:{l.index + 1}: {l.line.Trim()}");

    // Words of one line: a name in camel case that holds a word of money, and a binary fraction beside it.
    private static bool IsOffence(string line)
    {
        var code = Quoted().Replace(line.Split("//", 2)[0], "");
        return MoneyName().IsMatch(code) && (FloatingPoint().IsMatch(code) || FloatingLiteral().IsMatch(code));
    }

    [GeneratedRegex(@"""[^""]*""", RegexOptions.NonBacktracking)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\b(float|double|Half)\b|\b(ToDouble|ToSingle|GetDouble|GetFloat)\b|\bMathF\b|\bMath\.(Round|Floor|Ceiling|Truncate|Pow|Sqrt)\b", RegexOptions.NonBacktracking)]
    private static partial Regex FloatingPoint();

    [GeneratedRegex(@"[^\w.]\d+\.\d+([eE][+-]?\d+)?(?:[^mM\d\w.]|[dDfF]\b|$)", RegexOptions.NonBacktracking)]
    private static partial Regex FloatingLiteral();

    [GeneratedRegex(@"\b(cost|price|amount|billed|spent|spend|charge|adjustment)s?([A-Z_]\w*)?\b|\w*(Cost|Price|Amount|Billed|Spent|Spend|Charge|Adjustment)s?([A-Z_]\w*)?\b", RegexOptions.NonBacktracking)]
    private static partial Regex MoneyName();

    [GeneratedRegex(@"(Cost|Price|Amount|Billed|Billing|Spent|Spend|Charge|Adjustment|Money|Reprice|Repricing)[A-Za-z]*(\.cs|/)", RegexOptions.NonBacktracking)]
    private static partial Regex MoneyFile();

    [GeneratedRegex(@"\b\w*(cost|price|amount|billed|spent|reserved)\w*\s+(double precision|real|float\d*)\b", RegexOptions.NonBacktracking)]
    private static partial Regex MoneyColumn();

    [GeneratedRegex(@"\b(float|double)\s+\w*(cost|price|amount|billed|spent)\w*\s*=", RegexOptions.NonBacktracking)]
    private static partial Regex MoneyField();
}
