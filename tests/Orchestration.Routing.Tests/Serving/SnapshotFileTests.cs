using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orchestration.Routing.Policy;
using Orchestration.Routing.Serving;
using Orchestration.Routing.Tests.Policy;

namespace Orchestration.Routing.Tests.Serving;

public sealed class SnapshotFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("routing-snapshot-");

    [Fact]
    public void What_was_written_is_read()
    {
        Open().Write(Sample());

        var read = Open().Read().ShouldNotBeNull();

        read.PolicyVersion.ShouldBe("7");
        read.Vendors.ShouldBe(["deepseek|cn"]);
        Routing.Catalogue.ModelCatalogue.From(read.Catalogue).Hash.ShouldBe(PolicySamples.Catalogue.Hash);
    }

    [Fact]
    public void A_damaged_file_is_not_used()
    {
        Open().Write(Sample());
        var path = Directory.GetFiles(_folder.FullName).ShouldHaveSingleItem();
        File.WriteAllText(path, File.ReadAllText(path).Replace("0.42", "0.043", StringComparison.Ordinal));

        Open().Read().ShouldBeNull();
    }

    [Fact]
    public void A_file_cut_short_is_not_used()
    {
        Open().Write(Sample());
        var path = Directory.GetFiles(_folder.FullName).ShouldHaveSingleItem();
        File.WriteAllText(path, File.ReadAllText(path)[..500]);

        Open().Read().ShouldBeNull();
    }

    [Fact]
    public void Without_a_folder_nothing_is_kept()
    {
        var file = new SnapshotFile(Options.Create(new RoutingOptions()), NullLogger<SnapshotFile>.Instance);

        file.Write(Sample());

        file.Read().ShouldBeNull();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private SnapshotFile Open() => new(Options.Create(new RoutingOptions { DataDirectory = _folder.FullName }), NullLogger<SnapshotFile>.Instance);

    private static Snapshot Sample() => new()
    {
        PolicyVersion = "7",
        PolicyYaml = PolicyReader.ReadShippedText(),
        Catalogue = PolicySamples.Catalogue.ToFiles(),
        Vendors = ["deepseek|cn"],
    };
}
