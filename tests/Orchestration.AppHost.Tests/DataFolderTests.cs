using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Orchestration.AppHost.Tests;

public sealed class DataFolderTests
{
    [Fact]
    public async Task A_second_host_on_the_same_folder_is_refused()
    {
        using var system = new ProbeSystem();
        system.AddProbe("probe");
        await system.StartAsync();
        using var output = new StringWriter();
        var second = DistributedApplication.CreateBuilder([$"--Orchestration:DataDirectory={system.Data}"]).Build();

        (await second.RunAsync(output, TestContext.Current.CancellationToken)).ShouldBe(1);

        output.ToString().ShouldContain($"Another AppHost (process {Environment.ProcessId}) runs on {system.Data}");
        system.RunAsync().IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Reset_deletes_the_data_only_while_nothing_runs_on_it()
    {
        using var system = new ProbeSystem();
        system.AddProbe("probe");
        GeneratedSecrets.AddTo(system.Builder.Configuration);
        await system.StartAsync();
        (await ResetAsync(system.Data)).ShouldBe(1);
        Directory.Exists(system.Data).ShouldBeTrue();

        await system.StopAsync();

        (await ResetAsync(system.Data)).ShouldBe(0);
        Directory.Exists(system.Data).ShouldBeFalse();
    }

    [Fact]
    public async Task Reset_leaves_a_folder_alone_that_no_host_has_used()
    {
        using var system = new ProbeSystem();
        File.WriteAllText(Path.Combine(system.Folder, "thesis.txt"), "mine");

        (await ResetAsync(system.Folder)).ShouldBe(0);

        File.Exists(Path.Combine(system.Folder, "thesis.txt")).ShouldBeTrue();
    }

    [Fact]
    public async Task Endpoints_are_written_for_their_owner_only()
    {
        using var system = new ProbeSystem();
        GeneratedSecrets.AddTo(system.Builder.Configuration);
        system.AddProbe("gateway");
        await system.StartAsync();

        var endpoints = system.Endpoints;
        File.GetUnixFileMode(Path.Combine(system.Data, "endpoints.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        endpoints.GetProperty("gateway").GetProperty("http").GetString().ShouldStartWith("http://127.0.0.1:");
        endpoints.GetProperty("keys").GetProperty("development").GetString().ShouldStartWith("sk-orc_dev_");
        endpoints.GetProperty("processes").GetProperty("gateway")[0].GetInt32()
            .ShouldBe(system.Seen("gateway").Single().GetProperty("process").GetInt32());
    }

    [Fact]
    public void Secrets_are_made_once_and_only_the_owner_can_read_them()
    {
        using var system = new ProbeSystem();
        var first = Secrets(system.Data);
        var second = Secrets(system.Data);
        var file = Path.Combine(system.Data, "secrets.json");

        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        foreach (var name in JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file))!.Keys)
            second[$"Parameters:{name}"].ShouldBe(first[$"Parameters:{name}"], name);
        second[$"Parameters:{ParameterNames.SignInToken}"].ShouldNotBe(first[$"Parameters:{ParameterNames.SignInToken}"]);
        Convert.FromBase64String(first[$"Parameters:{ParameterNames.IdentityKey}"]!).Length.ShouldBe(32);
    }

    [Fact]
    public void Keys_carry_the_checksum_that_the_gateway_checks()
    {
        var key = GeneratedKey.Create("dev");
        var parts = key.Split('_');

        parts.Select(part => part.Length).ShouldBe([6, 3, 12, 43, 6]);
        GeneratedKey.Checksum(key[..^7]).ShouldBe(parts[^1]);
        // From an independent calculation of SHA-256 and base 62.
        GeneratedKey.Checksum("sk-orc_dev_000000000000_0000000000000000000000000000000000000000000").ShouldBe("xBIgrf");
    }

    private static ConfigurationManager Secrets(string folder)
    {
        var configuration = new ConfigurationManager { ["Orchestration:DataDirectory"] = folder };
        GeneratedSecrets.AddTo(configuration);
        return configuration;
    }

    private static Task<int> ResetAsync(string folder) =>
        DistributedApplication.CreateBuilder(["reset", $"--Orchestration:DataDirectory={folder}"]).Build()
            .RunAsync(TextWriter.Null, TestContext.Current.CancellationToken);
}
