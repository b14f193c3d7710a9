using Grpc.Core;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Orchestration.Console.Sessions;

/// <summary>What an operator does on a page: the call, and a word on what came of it.</summary>
internal sealed class AdminActions(AdminSession session, ISnackbar snackbar, IDialogService dialogs, NavigationManager navigation, IStringLocalizer<Texts> texts)
{
    /// <summary>Runs a call; null when it was refused, which the operator has then been told.</summary>
    /// <param name="call">The call.</param>
    /// <param name="done">What to say when it is done; empty says nothing.</param>
    public async Task<T?> TryAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call, string done = "") where T : class
    {
        try
        {
            var answer = await session.CallAsync(call, CancellationToken.None);
            if (done.Length > 0)
                snackbar.Add(done, Severity.Success);
            return answer;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Unauthenticated)
        {
            navigation.NavigateTo($"{SignInEndpoint.SignedOutPath}?reason=expired", forceLoad: true);
            return null;
        }
        catch (RpcException exception)
        {
            snackbar.Add(Words(exception), Severity.Error);
            return null;
        }
    }

    /// <summary>Asks before something that is hard to take back.</summary>
    public async Task<bool> ConfirmAsync(string title, string text, string yes) =>
        await dialogs.ShowMessageBoxAsync(title, text, yesText: yes, cancelText: texts["Cancel"]) == true;

    // What the admin API says of the operator's input is for the operator; the rest is ours.
    private string Words(RpcException exception) => exception.StatusCode switch
    {
        StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Internal or StatusCode.Unknown => texts["The admin API does not answer ({0}). Nothing is known to have changed.", exception.StatusCode],
        _ => exception.Status.Detail,
    };
}
