using Orchestration.Providers.Profiles;

namespace Orchestration.Providers.Tests.Conformance;

public sealed class ConformanceDocumentTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "providers.md"));

    /// <summary>One vendor in two protocols.</summary>
    private const string SecondRow = "openai-responses";

    [Fact]
    public void Table_of_the_documentation_has_every_profile_and_none_that_is_not_there()
    {
        var rows = Rows().ToDictionary(r => r[0]);

        rows.Keys.Where(v => v != SecondRow).Order(StringComparer.Ordinal)
            .ShouldBe(Shipped.Vendors.Select(p => p.Provider));
        rows.ShouldContainKey(SecondRow);
    }

    [Fact]
    public void Table_of_the_documentation_tells_each_proof_and_holds_everywhere()
    {
        foreach (var row in Rows())
        {
            var proof = Shipped.For(row[0] == SecondRow ? "openai" : row[0]).Proof;
            row[1].ShouldBe(proof.Date is { } date ? FormattableString.Invariant($"{Word(proof)} {date:yyyy-MM-dd}") : Word(proof), row[0]);
            row.Skip(3).ShouldAllBe(field => field == "✓" || field == "–" || (field == "missing" && row[0] == SecondRow), row[0]);
        }
    }

    private static VendorProfiles Shipped { get; } = VendorProfiles.Load(Path.Combine(AppContext.BaseDirectory, "Profiles"));

    private static string Word(ProfileProof proof) => proof.Status.ToString().ToLowerInvariant();

    private static IEnumerable<string[]> Rows()
    {
        var table = Text[Text.IndexOf("<!-- conformance:begin -->", StringComparison.Ordinal)..Text.IndexOf("<!-- conformance:end -->", StringComparison.Ordinal)];
        return table.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2)
            .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries));
    }
}
