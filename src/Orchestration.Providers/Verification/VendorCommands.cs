using Orchestration.Contracts.Providers.V1;
using Orchestration.Providers.Credentials.Admin;
using Orchestration.Providers.Credentials.Storage;

namespace Orchestration.Providers.Verification;

/// <summary>The commands of this process: <c>verify</c> and <c>doctor</c>. No server is started.</summary>
internal static class VendorCommands
{
    private const string Usage = "verify VENDOR [--region R] [--model M] [--base-url URL]";

    /// <summary>The work of a command; null when the arguments name none.</summary>
    public static Func<WebApplication, TextWriter, CancellationToken, Task<int>>? Find(string[] args) => args switch
    {
        ["verify", .. var rest] => (app, output, cancellationToken) => VerifyAsync(app, rest, output, cancellationToken),
        ["doctor", .. var rest] => (app, output, cancellationToken) => CheckAsync(app, rest.Contains("--reseal", StringComparer.Ordinal), output, cancellationToken),
        _ => null,
    };

    private static async Task<int> VerifyAsync(WebApplication app, string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        if (args is not [var vendor, ..] || vendor.StartsWith('-')) return await ToldAsync(output, $"Usage: {Usage}", 2);
        try
        {
            await app.Services.GetRequiredService<StoredKeys>().RefreshAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            await output.WriteLineAsync($"Stored keys cannot be read ({exception.GetType().Name}); only those of the environment are used.");
        }

        var verification = app.Services.GetRequiredService<VendorVerification>();
        var baseUrl = Option(args, "--base-url");
        switch (verification.Prepare(vendor, Option(args, "--region") ?? "", Option(args, "--model") ?? "", baseUrl))
        {
            case VerificationStart.Ready ready:
                await output.WriteLineAsync(
                    $"{ready.Target.Deployment.Id}, model {ready.Target.Deployment.UpstreamModel}, {(baseUrl is null ? "the vendor itself" : $"simulator at {baseUrl}: this proves nothing of the vendor")}");
                return await RunAsync(verification, ready.Target, output, cancellationToken);
            case VerificationStart.Refused refused:
                return await ToldAsync(output, refused.Failure.Message, 1);
            default:
                return 1;
        }
    }

    private static async Task<int> RunAsync(VendorVerification verification, VerificationTarget target, TextWriter output, CancellationToken cancellationToken)
    {
        var good = true;
        await foreach (var step in verification.RunAsync(target, cancellationToken))
        {
            good &= step.Outcome is VerificationOutcome.Matched or VerificationOutcome.Skipped;
            var detail = step.Failure is { } failure ? $"{failure.FailureClass} {failure.Code}: {failure.Message}" : step.Difference;
            await output.WriteLineAsync($"{step.Check,-14} {step.Outcome.ToString().ToLowerInvariant(),-8} {detail}".TrimEnd());
        }

        return good ? 0 : 1;
    }

    private static async Task<int> CheckAsync(WebApplication app, bool reseal, TextWriter output, CancellationToken cancellationToken)
    {
        var check = app.Services.GetRequiredService<CredentialCheck>();
        try
        {
            if (reseal) await output.WriteLineAsync($"{await check.ResealAsync(cancellationToken)} keys were sealed again under the master key in use.");
            var findings = await check.RunAsync(cancellationToken);
            await output.WriteLineAsync($"{"key",-36} {"vendor",-14} {"region",-8} {"master key",-10} result");
            foreach (var row in findings)
                await output.WriteLineAsync($"{row.Id,-36} {row.Provider,-14} {row.Region,-8} {row.KeyVersion,-10} {ResultOf(row, check.MasterKeyVersion)}");
            var bad = findings.Count(f => !f.Decrypts);
            return await ToldAsync(output, $"{findings.Count - bad} of {findings.Count} keys can be decrypted.", bad == 0 ? 0 : 1);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return await ToldAsync(output, $"The stored keys cannot be read ({exception.GetType().Name}).", 1);
        }
    }

    private static string ResultOf(RowFinding row, int current) => row switch
    {
        { Decrypts: true } when row.KeyVersion == current => "ok",
        { Decrypts: true } => "ok, under an earlier master key: run doctor --reseal",
        { MasterKeyKnown: false } => "its master key is not configured",
        _ => "altered or moved from another row",
    };

    private static string? Option(string[] args, string name) =>
        Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

    private static async Task<int> ToldAsync(TextWriter output, string line, int exitCode)
    {
        await output.WriteLineAsync(line);
        return exitCode;
    }
}
