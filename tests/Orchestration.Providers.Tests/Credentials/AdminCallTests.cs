using System.Diagnostics;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Providers.Credentials.Admin;
using Orchestration.Providers.Tests.Credentials.Hosting;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;
using Orchestration.Providers.Verification;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Providers.Tests.Credentials;

public sealed class AdminCallTests(CredentialsFixture fixture) : IClassFixture<CredentialsFixture>
{
    private const string Canary = "sk-canary-1f9d7c3b5a7e";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_the_gateway_is_answered()
    {
        await using var host = await CredentialsHost.StartAsync(await fixture.NewDatabaseAsync());
        var routing = host.Routing.For("", "admin", TimeSpan.FromSeconds(30), Cancellation);

        (await StatusAsync(() => host.Admin.ListVendorsAsync(new ListVendorsRequest(), routing))).ShouldBe(StatusCode.PermissionDenied);
        (await StatusAsync(() => host.Admin.ListCredentialsAsync(new ListCredentialsRequest(), routing))).ShouldBe(StatusCode.PermissionDenied);
        (await StatusAsync(() => host.Admin.AddCredentialAsync(new AddCredentialRequest(), routing))).ShouldBe(StatusCode.PermissionDenied);
        (await StatusAsync(() => host.Admin.UpdateCredentialAsync(new UpdateCredentialRequest(), routing))).ShouldBe(StatusCode.PermissionDenied);
        (await StatusAsync(() => host.Admin.RotateCredentialAsync(new RotateCredentialRequest(), routing))).ShouldBe(StatusCode.PermissionDenied);
        (await StatusAsync(() => host.Admin.RemoveCredentialAsync(new RemoveCredentialRequest(), routing))).ShouldBe(StatusCode.PermissionDenied);
        (await StatusAsync(() => host.Admin.CheckCredentialsAsync(new CheckCredentialsRequest(), routing))).ShouldBe(StatusCode.PermissionDenied);
        using var verify = host.Admin.VerifyVendor(new VerifyVendorRequest { Provider = "deepseek" }, routing);
        (await Should.ThrowAsync<RpcException>(() => verify.ResponseStream.MoveNext(Cancellation))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task Wrong_input_is_refused_by_the_name_of_the_member()
    {
        await using var host = await CredentialsHost.StartAsync(await fixture.NewDatabaseAsync());
        var good = new AddCredentialRequest { Provider = "moonshot", Region = "cn", Secret = "sk-a-good-secret" };

        foreach (var (change, param) in new (Action<AddCredentialRequest>, string)[]
        {
            (r => r.Provider = "nobody", "provider"), (r => r.Region = "", "region"), (r => r.Secret = "short", "secret"), (r => r.Secret = "with a blank in", "secret"),
            (r => r.Secret = new string('x', 4097), "secret"), (r => r.Weight = 1001, "weight"), (r => r.Weight = -1, "weight"), (r => r.ConcurrencyLimit = -1, "concurrency_limit"),
            (r => r.Label = new string('x', 101), "label"), (r => r.BalanceWarning = "1e9", "balance_warning"), (r => r.BalanceWarning = "-1", "balance_warning"),
        })
        {
            var request = good.Clone();
            change(request);
            var refused = await Should.ThrowAsync<RpcException>(async () => await host.Admin.AddCredentialAsync(request, host.Call()));
            (refused.StatusCode, refused.GetFailure().Param).ShouldBe((StatusCode.InvalidArgument, param));
        }

        (await host.KeysAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Same_secret_is_stored_once_per_vendor_and_region_also_after_the_master_key_was_changed()
    {
        var setting = await fixture.NewDatabaseAsync();
        await using (var host = await CredentialsHost.StartAsync(setting))
        {
            await host.AddAsync("moonshot", "sk-the-same-secret", "cn");
            await host.AddAsync("moonshot", "sk-the-same-secret", "intl");
            (await StatusAsync(() => host.Admin.AddCredentialAsync(new AddCredentialRequest { Provider = "moonshot", Region = "cn", Secret = "sk-the-same-secret" }, host.Call()))).ShouldBe(StatusCode.AlreadyExists);
            var other = await host.AddAsync("moonshot", "sk-another-secret", "cn");
            (await StatusAsync(() => host.Admin.RotateCredentialAsync(new RotateCredentialRequest { Id = other.Id, Secret = "sk-the-same-secret" }, host.Call()))).ShouldBe(StatusCode.AlreadyExists);
        }

        await using var next = await CredentialsHost.StartAsync(WithNewMaster(setting));
        (await StatusAsync(() => next.Admin.AddCredentialAsync(new AddCredentialRequest { Provider = "moonshot", Region = "cn", Secret = "sk-the-same-secret" }, next.Call()))).ShouldBe(StatusCode.AlreadyExists);
    }

    [Fact]
    public async Task Unknown_keys_and_vendors_are_not_found()
    {
        await using var host = await CredentialsHost.StartAsync(await fixture.NewDatabaseAsync());

        foreach (var id in (string[])["", "environment:GROQ_API_KEY", Guid.CreateVersion7().ToString("D")])
        {
            (await StatusAsync(() => host.Admin.UpdateCredentialAsync(new UpdateCredentialRequest { Id = id }, host.Call()))).ShouldBe(StatusCode.NotFound);
            (await StatusAsync(() => host.Admin.RotateCredentialAsync(new RotateCredentialRequest { Id = id, Secret = "sk-a-good-secret" }, host.Call()))).ShouldBe(StatusCode.NotFound);
            (await StatusAsync(() => host.Admin.RemoveCredentialAsync(new RemoveCredentialRequest { Id = id }, host.Call()))).ShouldBe(StatusCode.NotFound);
        }

        (await StatusAsync(() => host.Admin.ListCredentialsAsync(new ListCredentialsRequest { Provider = "nobody" }, host.Call()))).ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Without_a_master_key_nothing_is_stored_and_keys_of_the_environment_work_on()
    {
        var setting = await fixture.NewDatabaseAsync() with { MasterKey = "", More = new Dictionary<string, string?> { ["DEEPSEEK_API_KEY"] = "sk-environment-key" } };
        var vendor = new KeyedVendor(fixture.Upstream).Accept("sk-environment-key");
        await using var host = await CredentialsHost.StartAsync(setting);

        (await StatusAsync(() => host.Admin.AddCredentialAsync(new AddCredentialRequest { Provider = "deepseek", Secret = "sk-a-good-secret" }, host.Call()))).ShouldBe(StatusCode.Unavailable);
        (await host.ChatAsync(vendor.Candidate())).Error.ShouldBeNull();
        (await host.Admin.CheckCredentialsAsync(new CheckCredentialsRequest(), host.Call())).MasterKeyVersion.ShouldBe(0);
    }

    [Fact]
    public async Task Switched_off_key_is_not_used_and_takes_the_vendor_away_when_it_was_the_last()
    {
        var vendor = new KeyedVendor(fixture.Upstream).Accept("sk-first-secret-1");
        await using var host = await CredentialsHost.StartAsync(await fixture.NewDatabaseAsync());
        var key = await host.AddAsync("deepseek", "sk-first-secret-1");

        var off = await host.Admin.UpdateCredentialAsync(new UpdateCredentialRequest { Id = key.Id, State = CredentialState.Disabled, Label = "main", Weight = 5, ConcurrencyLimit = 9, BalanceWarning = "12.5" }, host.Call());

        (off.State, off.Label, off.Weight, off.ConcurrencyLimit, off.Reason).ShouldBe((CredentialState.Disabled, "main", 5, 9, "Switched off by an operator."));
        (await host.ChatAsync(vendor.Candidate())).Error!.Code.ShouldBe("provider_not_configured");
        vendor.Shown.ShouldBeEmpty();
        var region = (await host.Admin.ListVendorsAsync(new ListVendorsRequest(), host.Call())).Vendors.Single(v => v.Provider == "deepseek").Regions.ShouldHaveSingleItem();
        (region.CredentialSource, region.Credentials, region.UsableCredentials).ShouldBe(("stored", 1, 0));
    }

    [Fact]
    public async Task Doctor_names_the_row_that_was_altered_and_brings_the_others_under_the_new_master_key()
    {
        var setting = await fixture.NewDatabaseAsync();
        string bad;
        await using (var host = await CredentialsHost.StartAsync(setting))
        {
            await host.AddAsync("moonshot", "sk-first-secret-1", "cn");
            bad = (await host.AddAsync("moonshot", "sk-second-secret-2", "intl")).Id;
            (await host.Admin.CheckCredentialsAsync(new CheckCredentialsRequest(), host.Call())).Decrypted.ShouldBe(2);
        }

        await fixture.ExecuteAsync(setting, $"UPDATE credentials SET region = 'eu' WHERE id = '{bad}'");
        var next = WithNewMaster(setting);
        var (exitCode, output) = await DoctorAsync(next, "doctor", "--reseal");
        exitCode.ShouldBe(1);
        output.ShouldContain("1 keys were sealed again");
        output.ShouldContain("1 of 2 keys can be decrypted.");

        await using var healed = await CredentialsHost.StartAsync(next with { More = new Dictionary<string, string?>() });
        var check = await healed.Admin.CheckCredentialsAsync(new CheckCredentialsRequest(), healed.Call());
        (check.Decrypted, check.Undecryptable.ShouldHaveSingleItem()).ShouldBe((1, bad));
        (await healed.KeysAsync()).Single(k => k.Id == bad).Reason.ShouldContain("cannot be decrypted");
        await fixture.ExecuteAsync(setting, $"DELETE FROM credentials WHERE id = '{bad}'");
        (await DoctorAsync(next, "doctor")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Secret_appears_in_no_log_trace_answer_failure_or_column()
    {
        var spans = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a => spans.Enqueue($"{a.DisplayName} {a.StatusDescription} {string.Join(' ', a.TagObjects)} {string.Join(' ', a.Events.SelectMany(e => e.Tags))}"),
        };
        ActivitySource.AddActivityListener(listener);
        var setting = await fixture.NewDatabaseAsync();
        await using var host = await CredentialsHost.StartAsync(setting);
        var rotated = Canary + "-rotated";
        var vendor = new KeyedVendor(fixture.Upstream)
            .Accept(Canary)
            .Accept(rotated, e => e.ReplyAsync(401, "application/json", OpenAIWire.Error("invalid_api_key", $"Incorrect API key provided: {rotated}")));
        var told = new List<string>();

        var key = await host.AddAsync("deepseek", Canary);
        told.Add($"{key}");
        told.Add(Text(await host.ChatAsync(vendor.Candidate())));
        told.Add($"{await Should.ThrowAsync<RpcException>(() => host.AddAsync("deepseek", Canary))}");
        told.Add($"{await Should.ThrowAsync<RpcException>(() => host.AddAsync("deepseek", Canary + "\u0001"))}");
        told.Add($"{await host.Admin.RotateCredentialAsync(new RotateCredentialRequest { Id = key.Id, Secret = rotated }, host.Call())}");
        for (var i = 0; i < 3; i++) told.Add(Text(await host.ChatAsync(vendor.Candidate())));
        told.AddRange((await host.KeysAsync()).Select(k => $"{k}"));
        told.Add(await fixture.DumpAsync(setting));
        await fixture.CutAsync(setting);
        told.Add($"{await Should.ThrowAsync<RpcException>(() => host.AddAsync("deepseek", Canary + "-more"))}");

        vendor.Shown.ShouldBe([Canary, rotated, rotated, rotated]);
        told.ShouldNotContain(t => t.Contains("canary", StringComparison.Ordinal));
        spans.ShouldNotBeEmpty();
        spans.ShouldNotContain(s => s.Contains("canary", StringComparison.Ordinal));
        host.Logs.Lines.ShouldNotBeEmpty();
        host.Logs.Lines.ShouldNotContain(l => l.Contains("canary", StringComparison.Ordinal));
    }

    private static string Text(Answer answer) => string.Join('\n', answer.Events);

    private static CredentialsSetting WithNewMaster(CredentialsSetting setting) => setting with
    {
        MasterKey = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)),
        More = new Dictionary<string, string?> { ["Credentials:PreviousMasterKeys:0"] = setting.MasterKey },
    };

    private static async Task<(int ExitCode, string Output)> DoctorAsync(CredentialsSetting setting, params string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("credentials-doctor-").FullName;
        await using var app = CredentialsHost.Build(setting, folder);
        using var output = new StringWriter();
        var exitCode = await VendorCommands.Find(args)!(app, output, Cancellation);
        app.Services.GetRequiredService<CredentialCheck>().MasterKeyVersion.ShouldNotBe(0);
        Directory.Delete(folder, recursive: true);
        return (exitCode, output.ToString());
    }

    private static async Task<StatusCode> StatusAsync<T>(Func<AsyncUnaryCall<T>> call)
    {
        var refused = await Should.ThrowAsync<RpcException>(async () => await call());
        return refused.StatusCode;
    }
}
