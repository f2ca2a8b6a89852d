import { Button } from '#web/ui/button.tsx'
import { useForm } from '#web/ui/form.tsx'

export function Submit({ text }: { text: string }) {
  const { isSending } = useForm()
  return (
    <Button look="lamp" size="wide" type="submit" isBusy={isSending}>
      {text}
    </Button>
  )
}
