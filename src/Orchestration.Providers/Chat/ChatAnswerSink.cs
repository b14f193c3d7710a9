using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Chat;

/// <summary>Where one attempt's answer goes, once it is allowed to.</summary>
/// <param name="Events">The events of the request; shared by its attempts.</param>
/// <param name="Contender">The attempt before the gate.</param>
/// <param name="Spoken">What is to be told as soon as this attempt speaks.</param>
internal sealed record ChatAnswerSink(EventPipe Events, CommitGate.Contender Contender, Action Spoken)
{
    /// <summary>True when this attempt may answer; asked once, when it has something to say.</summary>
    public bool TrySpeak()
    {
        if (!Contender.TrySpeak()) return false;
        Spoken();
        return true;
    }
}
