using Orchestration.Testing;

namespace Orchestration.Contracts.Tests;

/// <summary>
/// Contracts grow, they never change: <c>Frozen/contracts.txt</c> lists every element that was ever released.
/// After adding one, run the tests once with ORCHESTRATION_RECORD_CONTRACTS=1 and commit the longer list.
/// </summary>
public sealed class FrozenContractsTests
{
    private static readonly string ListPath =
        Path.Combine(RepositoryRoot.Path, "tests", "Orchestration.Contracts.Tests", "Frozen", "contracts.txt");

    [Fact]
    public void No_released_element_was_changed_or_removed()
    {
        var current = ContractElements.All().ToHashSet();

        File.ReadAllLines(ListPath).Where(line => !current.Contains(line)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_element_is_on_the_list()
    {
        var current = ContractElements.All();
        if (Environment.GetEnvironmentVariable("ORCHESTRATION_RECORD_CONTRACTS") == "1")
            File.WriteAllLines(ListPath, File.ReadAllLines(ListPath).Union(current).Order(StringComparer.Ordinal));

        current.Except(File.ReadAllLines(ListPath)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_enum_starts_with_unspecified()
    {
        var zeros = ContractElements.All().Where(line => line.StartsWith("enum ", StringComparison.Ordinal) && line.EndsWith("= 0", StringComparison.Ordinal)).ToList();

        zeros.ShouldNotBeEmpty();
        zeros.ShouldAllBe(line => line.EndsWith("_UNSPECIFIED = 0", StringComparison.Ordinal));
    }
}
