using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using Orchestration.Testing;

namespace Orchestration.Client.Tests.Packaging;

/// <summary>What <c>dotnet pack</c> makes of the client.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orchestration-package-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Package_has_readme_documentation_symbols_and_no_dependency_that_is_not_published()
    {
        await PackAsync();

        using var package = await ZipFile.OpenReadAsync(Directory.GetFiles(_folder, "*.nupkg").ShouldHaveSingleItem(), Cancellation);
        var files = package.Entries.Select(entry => entry.FullName).ToList();
        files.ShouldContain("README.md");
        files.Where(file => file.StartsWith("lib/", StringComparison.Ordinal)).Order().ShouldBe(
        [
            "lib/net10.0/Orchestration.Client.dll", "lib/net10.0/Orchestration.Client.xml",
            "lib/net10.0/Orchestration.Contracts.dll", "lib/net10.0/Orchestration.Contracts.xml",
        ]);

        await using var nuspec = await package.GetEntry("Orchestration.Client.nuspec")!.OpenAsync(Cancellation);
        var metadata = (await XDocument.LoadAsync(nuspec, LoadOptions.None, Cancellation)).Root!.Elements().Single();
        Value(metadata, "readme").ShouldBe("README.md");
        Value(metadata, "license").ShouldBe("Apache-2.0");
        metadata.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value).Order().ShouldBe(
            ["Google.Api.CommonProtos", "Google.Protobuf", "Grpc.Core.Api", "Grpc.Net.Client", "Grpc.Net.ClientFactory", "Microsoft.Extensions.AI.Abstractions"]);

        using var symbols = await ZipFile.OpenReadAsync(Directory.GetFiles(_folder, "*.snupkg").ShouldHaveSingleItem(), Cancellation);
        symbols.Entries.Select(entry => entry.FullName).Where(file => file.EndsWith(".pdb", StringComparison.Ordinal)).Order()
            .ShouldBe(["lib/net10.0/Orchestration.Client.pdb", "lib/net10.0/Orchestration.Contracts.pdb"]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string? Value(XElement metadata, string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;

    // Packs what the build of this test has made.
    private async Task PackAsync()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { "pack", "src/Orchestration.Client", "--no-build", "-c", configuration, "-o", _folder, "-nologo", "-nr:false" },
            WorkingDirectory = RepositoryRoot.Path,
            RedirectStandardOutput = true,
        };
        using var pack = Process.Start(start)!;
        var output = await pack.StandardOutput.ReadToEndAsync(Cancellation);
        await pack.WaitForExitAsync(Cancellation);
        pack.ExitCode.ShouldBe(0, output);
    }
}
