using System.Text.RegularExpressions;

namespace Orchestration.Architecture.Tests;

public sealed partial class HouseRulesTests
{
    private static readonly string[] Libraries =
        ["Orchestration.Contracts", "Orchestration.Protocols", "Orchestration.Pricing", "Orchestration.ServiceDefaults"];

    [Theory]
    [InlineData("Gateway")]
    [InlineData("Routing")]
    [InlineData("Providers")]
    [InlineData("Indexing")]
    [InlineData("Metrics")]
    [InlineData("Console")]
    [InlineData("Simulator")]
    public void A_service_references_libraries_only(string service) =>
        SourceTree.ProjectReferences($"src/Orchestration.{service}/Orchestration.{service}.csproj").Except(Libraries).ShouldBeEmpty();

    [Fact]
    public void The_simulator_shares_no_protocol_code_with_the_product() =>
        SourceTree.ProjectReferences("src/Orchestration.Simulator/Orchestration.Simulator.csproj").ShouldBe(["Orchestration.ServiceDefaults"]);

    [Theory]
    [InlineData("Contracts")]
    [InlineData("Protocols", "Orchestration.Contracts")]
    [InlineData("Pricing", "Orchestration.Contracts")]
    [InlineData("Client", "Orchestration.Contracts")]
    public void A_library_references_contracts_at_most(string library, params string[] allowed) =>
        SourceTree.ProjectReferences($"src/Orchestration.{library}/Orchestration.{library}.csproj").Except(allowed).ShouldBeEmpty();

    [Fact]
    public void No_file_is_longer_than_400_lines() =>
        SourceTree.Sources().Where(file => SourceTree.Read(file).AsSpan().Count('\n') > 400).ShouldBeEmpty();

    [Fact]
    public void No_name_says_nothing() =>
        SourceTree.Sources().Where(file => MeaninglessName().IsMatch(file)).ShouldBeEmpty();

    [Fact]
    public void Wall_clock_is_read_through_a_time_provider() =>
        SourceTree.Sources().Where(file => !file.StartsWith("tests/", StringComparison.Ordinal) && WallClock().IsMatch(SourceTree.Read(file))).ShouldBeEmpty();

    [Fact]
    public void Nothing_is_left_for_later_in_a_comment() =>
        SourceTree.Sources().Where(file => LeftForLater().IsMatch(SourceTree.Read(file))).ShouldBeEmpty();

    [Fact]
    public void No_exception_says_not_implemented() =>
        SourceTree.Sources().Where(file => SourceTree.Read(file).Contains("NotImplemented" + "Exception", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void Providers_makes_its_http_clients_in_the_egress_folder_only() =>
        SourceTree.Files("*.cs", "src/Orchestration.Providers")
            .Where(file => !file.Contains("/Egress/", StringComparison.Ordinal) && SourceTree.Read(file).Contains("HttpClientFactory", StringComparison.Ordinal))
            .ShouldBeEmpty();

    [Fact]
    public void The_median_file_is_short()
    {
        var lengths = SourceTree.Sources().Select(file => SourceTree.Read(file).AsSpan().Count('\n')).Order().ToList();

        lengths.Count.ShouldBeGreaterThan(100);
        lengths[lengths.Count / 2].ShouldBeLessThanOrEqualTo(90);
    }

    [GeneratedRegex(@"(Helper|Helpers|Utils|Utilities|Common|Manager|Misc)(\.cs|/)", RegexOptions.NonBacktracking)]
    private static partial Regex MeaninglessName();

    [GeneratedRegex(@"DateTime(Offset)?\.(UtcNow|Now)\b", RegexOptions.NonBacktracking)]
    private static partial Regex WallClock();

    [GeneratedRegex(@"//.*\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK)\b", RegexOptions.NonBacktracking)]
    private static partial Regex LeftForLater();
}
