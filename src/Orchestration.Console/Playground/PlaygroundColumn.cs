using System.Text;
using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Console.Playground;

/// <summary>One model's side of a conversation, as it is tried in the console.</summary>
public sealed class PlaygroundColumn(string model, TimeProvider time)
{
    private readonly List<Message> _history = [];
    private readonly List<PlaygroundTurn> _turns = [];

    /// <summary>Model or route that is asked for.</summary>
    public string Model { get; } = model;

    /// <summary>What was said so far.</summary>
    public IReadOnlyList<PlaygroundTurn> Turns => _turns;

    /// <summary>Asks, and fills the turn as the answer comes.</summary>
    /// <param name="chat">The gateway.</param>
    /// <param name="key">Secret of the client key that pays.</param>
    /// <param name="system">Instructions; may be empty.</param>
    /// <param name="text">What the user says.</param>
    /// <param name="image">A picture to go with it; null for none.</param>
    /// <param name="changed">Called whenever there is more to show.</param>
    /// <param name="cancellationToken">Stops the answer, at the gateway too.</param>
    public async Task AskAsync(
        ChatService.ChatServiceClient chat, string key, string system, string text, Image? image, Func<Task> changed, CancellationToken cancellationToken)
    {
        var turn = new PlaygroundTurn { Question = text };
        _turns.Add(turn);
        var question = new Message { Role = Role.User, Parts = { new Part { Text = new Text { Text_ = text } } } };
        if (image is not null)
            question.Parts.Add(new Part { Image = image });
        var request = new ChatRequest { Model = Model, Stream = true };
        if (system.Trim().Length > 0)
            request.Messages.Add(new Message { Role = Role.System, Parts = { new Part { Text = new Text { Text_ = system } } } });
        request.Messages.AddRange(_history);
        request.Messages.Add(question);
        var started = time.GetTimestamp();
        try
        {
            using var call = chat.Stream(request, new Metadata { { "authorization", $"Bearer {key}" } }, cancellationToken: cancellationToken);
            await foreach (var told in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                turn.Take(told, time.GetElapsedTime(started));
                await changed();
            }

            _history.Add(question);
            _history.Add(new Message { Role = Role.Assistant, Parts = { new Part { Text = new Text { Text_ = turn.Answer } } } });
        }
        catch (RpcException exception)
        {
            turn.Problem = cancellationToken.IsCancellationRequested ? "" : exception.GetFailure().Message;
        }

        turn.End(time.GetElapsedTime(started));
        await changed();
    }
}

/// <summary>A question and the answer that comes.</summary>
public sealed class PlaygroundTurn
{
    private readonly StringBuilder _answer = new();
    private readonly HashSet<int> _thoughts = [];

    public required string Question { get; init; }

    public string Answer => _answer.ToString();

    /// <summary>Who answers; empty until it is known.</summary>
    public string Answerer { get; private set; } = "";

    /// <summary>Why there is no whole answer; empty while there is no reason to say so.</summary>
    public string Problem { get; set; } = "";

    public TimeSpan? FirstToken { get; private set; }

    public TimeSpan? Took { get; private set; }

    public Money? Cost { get; private set; }

    public Usage? Usage { get; private set; }

    public void End(TimeSpan took) => Took = took;

    public void Take(ChatEvent told, TimeSpan at)
    {
        switch (told.EventCase)
        {
            case ChatEvent.EventOneofCase.ResponseStarted:
                Answerer = $"{told.ResponseStarted.Provider}/{told.ResponseStarted.Model}";
                break;
            case ChatEvent.EventOneofCase.PartStart when told.PartStart.Kind is PartKind.Reasoning:
                _thoughts.Add(told.PartStart.PartIndex);
                break;
            case ChatEvent.EventOneofCase.PartDelta when told.PartDelta.Text.Length > 0:
                FirstToken ??= at;
                if (!_thoughts.Contains(told.PartDelta.PartIndex))
                    _answer.Append(told.PartDelta.Text);
                break;
            case ChatEvent.EventOneofCase.Usage:
                Usage = told.Usage;
                break;
            case ChatEvent.EventOneofCase.Error:
                Problem = told.Error.Message;
                break;
            case ChatEvent.EventOneofCase.Summary:
                Cost = told.Summary.Cost;
                break;
        }
    }
}
